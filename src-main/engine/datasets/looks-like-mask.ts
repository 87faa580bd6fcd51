// Tells from the pixels whether a picture is a mask: few values over whole areas.
import { readImageHeader } from "../images/read-image-header.ts";
import { type LabelPixels, readLabelPixels } from "../images/read-label-pixels.ts";

/** ADE20K has the most classes, 150; a photograph has more greys than a mask of streets has classes. */
const MAX_VALUES = 64;
/** Looking at a larger one takes seconds. */
const MAX_PIXELS = 40_000_000;

/** False for what can't be read, and for formats that keep no exact values. */
export async function looksLikeMask(path: string): Promise<boolean> {
  try {
    const { width, height } = await readImageHeader(path);
    if (width * height > MAX_PIXELS) return false;
    const pixels = await readLabelPixels(path);
    return (pixels.kind === "ids" && pixels.palette !== null) || hasFewValues(pixels);
  } catch {
    return false;
  }
}

function hasFewValues({ kind, data }: LabelPixels): boolean {
  const step = kind === "ids" ? 1 : 3;
  const values = new Set<number>();
  for (let at = 0; at < data.length; at += step) {
    const value =
      kind === "ids" ? data[at] : ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
    values.add(value ?? 0);
    if (values.size > MAX_VALUES) return false;
  }
  return true;
}

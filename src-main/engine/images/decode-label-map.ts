// Reads a label file as ids of 8 bits, as this program writes them.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { readLabelPixels } from "./read-label-pixels.ts";
import type { LabelMap } from "./rgb-image.ts";

/**
 * @param colors  what to do with a colour image: refuse it, or take its red as SYNTHIA's labels want it
 * @throws AppError those of readLabelPixels
 * @throws AppError `image.format` for colours
 * @throws AppError `label.ids` for an id above 255
 */
export async function decodeLabelMap(path: string, colors: "refused" | "red" = "refused"): Promise<LabelMap> {
  const pixels = await readLabelPixels(path);
  const { width, height } = pixels;
  const data = pixels.kind === "colors" ? pixels.data.filter((_, i) => i % 3 === 0) : pixels.data;
  if (pixels.kind === "colors" && colors === "refused") {
    throw new AppError("image.format", `"${path}" holds colours, not class ids; give a grey or indexed PNG.`);
  }
  const beyond = data.findIndex((id) => id > 255);
  if (beyond >= 0) {
    throw new AppError(
      "label.ids",
      `"${path}" holds the id ${data[beyond]} at column ${beyond % width}, row ${Math.floor(beyond / width)}; ids go up to 255.`,
    );
  }
  return { width, height, data: data instanceof Uint8Array ? data : Uint8Array.from(data) };
}

// Cuts a photograph, at halved sizes too, into tiles that a viewer fetches one by one.
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { outputErrorFrom } from "../../files/output-error.ts";
import { decodeImage, SHARP_OPTIONS } from "./decode-image.ts";
import { MAX_IMAGE_PIXELS } from "./image-limits.ts";
import { UPRIGHT } from "./orientation.ts";

/** Quick rather than small: the tiles are a cache. */
const PNG_OPTIONS = { compressionLevel: 1 };

/** Below the folder that is given: libvips puts its levels there. */
export const TILES_FOLDER = "photo_files";

/**
 * PNG tiles, as `photo_files/LEVEL/COLUMN_ROW.png`: the pixels that `decodeImage` gives, without loss. The file is read
 * once from top to bottom, a few rows at a time, unless it lies on its side or holds inks. Source: libvips, `dzsave` in the layout of Deep Zoom.
 *
 * @param folder  exists, and is empty
 * @throws AppError `image.damaged` for what is no image or breaks off, `output.*`
 */
export async function writePhotoPyramid(path: string, folder: string, tilePx: number): Promise<void> {
  try {
    await (await photoAt(path))
      .png(PNG_OPTIONS)
      .tile({ size: tilePx, overlap: 0, layout: "dz", depth: "onetile" })
      .toFile(join(folder, "photo.dz"));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const code = (cause as { code?: unknown }).code;
    if (typeof code === "string") throw outputErrorFrom(folder, cause);
    throw new AppError("image.damaged", `"${path}" can't be cut into tiles: it is damaged, or the disk is full.`, {
      cause,
    });
  }
}

/** A few rows at a time where that gives what `decodeImage` gives; else that. @throws AppError those of decodeImage */
async function photoAt(path: string): Promise<Sharp> {
  const file = sharp(path, { ...SHARP_OPTIONS, limitInputPixels: MAX_IMAGE_PIXELS, sequentialRead: true });
  const { space, orientation = UPRIGHT } = await file.metadata().catch(() => ({ space: null, orientation: UPRIGHT }));
  if (space !== null && space !== "cmyk" && orientation === UPRIGHT) return file.removeAlpha().toColourspace("srgb");
  const { width, height, data } = await decodeImage(path);
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

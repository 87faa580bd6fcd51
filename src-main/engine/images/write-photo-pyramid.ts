// Cuts a photograph, at halved sizes too, into tiles that a viewer fetches one by one.
import { join } from "node:path";
import sharp from "sharp";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { outputErrorFrom } from "../files/write-file-atomically.ts";
import { MAX_IMAGE_PIXELS } from "./image-limits.ts";

/** Quick rather than small: the tiles are a cache. */
const PNG_OPTIONS = { compressionLevel: 1 };

/** Below the folder that is given: libvips puts its levels there. */
export const TILES_FOLDER = "photo_files";

/**
 * PNG tiles, as `photo_files/LEVEL/COLUMN_ROW.png`: the pixels that `decodeImage` gives, without loss. The file is read
 * once from top to bottom, a few rows at a time. Source: libvips, `dzsave` in the layout of Deep Zoom.
 *
 * @param folder  exists, and is empty
 * @throws AppError `image.damaged` for what is no image or breaks off, `output.*`
 */
export async function writePhotoPyramid(path: string, folder: string, tilePx: number): Promise<void> {
  const photo = sharp(path, {
    failOn: "error",
    ignoreIcc: true,
    limitInputPixels: MAX_IMAGE_PIXELS,
    sequentialRead: true,
  });
  try {
    await photo
      .removeAlpha()
      .toColourspace("srgb")
      .png(PNG_OPTIONS)
      .tile({ size: tilePx, overlap: 0, layout: "dz", depth: "onetile" })
      .toFile(join(folder, "photo.dz"));
  } catch (cause) {
    const code = (cause as { code?: unknown }).code;
    if (typeof code === "string") throw outputErrorFrom(folder, cause);
    throw new AppError("image.damaged", `"${path}" can't be cut into tiles: it is damaged, or the disk is full.`, {
      cause,
    });
  }
}

// The size of an image without decoding it.
import { open } from "node:fs/promises";
import sharp from "sharp";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { inputErrorFrom } from "../../files/read-input-file.ts";
import { bitmapSize } from "./decode-bmp.ts";
import { formatOf } from "./image-formats.ts";
import { type Orientation, swapsSides, UPRIGHT } from "./orientation.ts";

export interface ImageHeader {
  /** Of the upright picture. */
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  /** Whether it is a PNG whose pixels are indices into a palette. */
  readonly hasPalette: boolean;
}

/** What comes before the pixels of nearly every PNG; a note about the orientation is among it. */
const HEAD_BYTES = 4096;
// PNG: signature (8 bytes), length (4), "IHDR" (4), width (4), height (4), bit depth (1), colour type (1).
const PNG_HEAD_BYTES = 26;
const INDEXED = 3;

/**
 * @throws AppError `input.missing`, `input.unreadable`
 * @throws AppError `image.damaged` for what is no image, or breaks off before its size
 */
export async function readImageHeader(path: string): Promise<ImageHeader> {
  const head = await readHead(path);
  const format = formatOf(head);
  const hasPalette = format === "png" && head.length >= PNG_HEAD_BYTES && head[25] === INDEXED;
  if (format === "png" && head.length >= PNG_HEAD_BYTES && !head.includes("eXIf")) {
    return { width: head.readUInt32BE(16), height: head.readUInt32BE(20), orientation: UPRIGHT, hasPalette };
  }
  try {
    if (format === "bmp") return { ...bitmapSize(head), orientation: UPRIGHT, hasPalette: false };
    const { width, height, orientation = UPRIGHT } = await sharp(path, { limitInputPixels: false }).metadata();
    const sides = swapsSides(orientation) ? { width: height, height: width } : { width, height };
    return { ...sides, orientation, hasPalette };
  } catch (cause) {
    const what = head.length === 0 ? "is empty: the file has no bytes" : "is no image, or damaged";
    throw new AppError("image.damaged", `"${path}" ${what}; get the file again.`, { cause });
  }
}

async function readHead(path: string): Promise<Buffer> {
  try {
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw inputErrorFrom(path, error);
  }
}

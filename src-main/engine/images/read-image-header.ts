// The size of an image without decoding it.
import { open } from "node:fs/promises";
import sharp from "sharp";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { inputErrorFrom } from "../files/read-input-file.ts";

export interface ImageHeader {
  readonly width: number;
  readonly height: number;
  /** Whether it is a PNG whose pixels are indices into a palette. */
  readonly hasPalette: boolean;
}

// PNG: signature (8 bytes), length (4), "IHDR" (4), width (4), height (4), bit depth (1), colour type (1).
const PNG_HEAD_BYTES = 26;
const PNG_SIGNATURE = "89504e470d0a1a0a";
const INDEXED = 3;

/**
 * @throws AppError `input.missing`, `input.unreadable`
 * @throws AppError `image.damaged` for what is no image, or breaks off before its size
 */
export async function readImageHeader(path: string): Promise<ImageHeader> {
  const head = await readHead(path);
  if (head.toString("hex", 0, 8) === PNG_SIGNATURE && head.length === PNG_HEAD_BYTES) {
    return { width: head.readUInt32BE(16), height: head.readUInt32BE(20), hasPalette: head[25] === INDEXED };
  }
  try {
    const { width, height } = await sharp(path, { limitInputPixels: false }).metadata();
    return { width, height, hasPalette: false };
  } catch (cause) {
    throw new AppError("image.damaged", `"${path}" is no image, or damaged; get the file again.`, { cause });
  }
}

async function readHead(path: string): Promise<Buffer> {
  try {
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(PNG_HEAD_BYTES), 0, PNG_HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw inputErrorFrom(path, error);
  }
}

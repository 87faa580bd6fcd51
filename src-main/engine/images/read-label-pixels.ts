// Reads a label file: the exact number, or the exact colour, that every pixel has.
import { type DecodedPng, decode } from "fast-png";
import sharp from "sharp";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { readInputFile } from "../../files/read-input-file.ts";
import { decodeBmp } from "./decode-bmp.ts";
import { readOrRefuse, requireFormat, requireSize, SHARP_OPTIONS } from "./decode-image.ts";
import { MAX_IMAGE_FILE_BYTES } from "./image-limits.ts";
import { isInterlacedBelowBytes, pngAsGray } from "./interlaced-png.ts";
import { UPRIGHT, upright } from "./orientation.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Numbers, one a pixel: grey values, or indices of a palette. */
export interface IdPixels extends Size {
  readonly kind: "ids";
  /** [H, W]. */
  readonly data: Uint8Array | Uint16Array;
  /** RGB of each index, where the file has a palette. */
  readonly palette: readonly (readonly number[])[] | null;
}

/** Colours. */
export interface ColorPixels extends Size {
  readonly kind: "colors";
  /** [H, W, 3]: samples as stored, 8 or 16 bits. */
  readonly data: Uint8Array | Uint16Array;
  /** [H, W]: 1 where a pixel is transparent; null where none is. */
  readonly isTransparent: Uint8Array | null;
}

export type LabelPixels = IdPixels | ColorPixels;

/** PNG's colour type of palettes (PNG specification, 11.2.1). */
const INDEXED = 3;

/**
 * Grey values, or, where the file has a palette, the INDEX (not the colour). Grey of less than 8 bits is scaled to
 * 0..255, as the PNG specification defines such samples and Pillow reads them. Three channels that are equal everywhere
 * are numbers too. Alpha of numbers is dropped. A note about the orientation is followed, as for images.
 *
 * @param path  of a PNG, BMP, TIFF, GIF or lossless WebP
 * @throws AppError `input.missing`, `input.unreadable`
 * @throws AppError `image.format` for what is none of these, or keeps no exact values
 * @throws AppError `image.damaged` for a file that is empty, breaks off, or whose checksums do not fit
 * @throws AppError `image.size` for more than MAX_IMAGE_PIXELS
 */
export async function readLabelPixels(path: string): Promise<LabelPixels> {
  const bytes = await readInputFile(path, MAX_IMAGE_FILE_BYTES);
  const format = requireFormat(path, bytes);
  switch (format) {
    case "png":
      return readPng(path, bytes);
    case "bmp": {
      const { width, height, rgb, indices } = await readOrRefuse(path, async () => decodeBmp(bytes));
      requireSize(path, { width, height });
      if (indices !== null) return { kind: "ids", width, height, data: indices, palette: null };
      return idsOrColors({ width, height }, rgb, 3);
    }
    case "tiff":
    case "gif":
    case "webp":
      return readWithSharp(path, bytes);
    case "jpeg":
    case "avif":
    case "heic":
      throw new AppError(
        "image.format",
        `"${path}" is a ${format.toUpperCase()} file, which changes pixel values, so that they are no class ids any more; save label files as PNG.`,
      );
    default:
      return format satisfies never;
  }
}

async function readPng(path: string, bytes: Uint8Array): Promise<LabelPixels> {
  // After the signature: length (4 bytes), "IHDR" (4), width (4), height (4), bit depth (1), colour type (1).
  if (bytes.length < 33) throw damaged(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  requireSize(path, size);
  if (isInterlacedBelowBytes(bytes)) return readInterlaced(path, bytes, size);
  const png = decodeOrRefuse(path, bytes);
  const pixels = pixelsOfPng(path, png, view.getUint8(25) === INDEXED);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes("eXIf")
    ? turned(pixels, (await readOrRefuse(path, () => sharp(bytes, SHARP_OPTIONS).metadata())).orientation ?? UPRIGHT)
    : pixels;
}

function turned(pixels: LabelPixels, orientation: number): LabelPixels {
  if (pixels.kind === "ids") return { ...pixels, ...upright(pixels, 1, orientation) };
  const { width, height, isTransparent } = pixels;
  const mask = isTransparent === null ? null : upright({ width, height, data: isTransparent }, 1, orientation).data;
  return { ...pixels, ...upright(pixels, 3, orientation), isTransparent: mask };
}

/** Interlaced samples of 1, 2 or 4 bits, which fast-png 8 does not read; libpng does, as grey. */
async function readInterlaced(path: string, bytes: Uint8Array, { width, height }: Size): Promise<IdPixels> {
  const { gray, isIndexed, depth } = pngAsGray(bytes);
  const scaled = await readOrRefuse(path, () =>
    sharp(gray, SHARP_OPTIONS).toColourspace("b-w").extractChannel(0).raw().toBuffer(),
  );
  const scale = 255 / (2 ** depth - 1);
  const data = isIndexed ? Uint8Array.from(scaled, (value) => Math.round(value / scale)) : new Uint8Array(scaled);
  return { kind: "ids", width, height, data, palette: null };
}

function decodeOrRefuse(path: string, bytes: Uint8Array): DecodedPng {
  try {
    return decode(bytes, { checkCrc: true });
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function damaged(path: string, cause?: unknown): AppError {
  return new AppError("image.damaged", `"${path}" is damaged or incomplete; get the file again.`, { cause });
}

function pixelsOfPng(path: string, png: DecodedPng, isIndexed: boolean): LabelPixels {
  const { width, height, data, depth, channels, palette = null } = png;
  if (depth < 8) {
    const samples = unpack(png);
    if (isIndexed) return { kind: "ids", width, height, data: samples, palette };
    const scale = 255 / (2 ** depth - 1);
    return { kind: "ids", width, height, data: samples.map((sample) => sample * scale), palette: null };
  }
  if (data.length !== width * height * channels) throw damaged(path);
  const samples = data instanceof Uint16Array ? data : new Uint8Array(data.buffer, data.byteOffset, data.length);
  if (channels <= 2) {
    return { kind: "ids", width, height, data: everyNth(samples, channels), palette: isIndexed ? palette : null };
  }
  return idsOrColors({ width, height }, samples, channels);
}

/** Palettes of GIF and TIFF are looked up: their indices are lost, their colours are not. */
async function readWithSharp(path: string, bytes: Uint8Array): Promise<LabelPixels> {
  const { width: wide, height: high, depth } = await readOrRefuse(path, () => sharp(bytes, SHARP_OPTIONS).metadata());
  requireSize(path, { width: wide, height: high });
  const isWide = depth === "ushort";
  const { data, info } = await readOrRefuse(path, () =>
    sharp(bytes, SHARP_OPTIONS)
      .autoOrient()
      .raw(isWide ? { depth: "ushort" } : {})
      .toBuffer({ resolveWithObject: true }),
  );
  const { width, height, channels } = info;
  const copy = Uint8Array.from(data); // aligned
  const samples = isWide ? new Uint16Array(copy.buffer) : copy;
  if (channels > 2) return idsOrColors({ width, height }, samples, channels);
  return { kind: "ids", width, height, data: everyNth(samples, channels), palette: null };
}

function idsOrColors({ width, height }: Size, data: Uint8Array | Uint16Array, channels: number): LabelPixels {
  const pixels = width * height;
  let isGray = true;
  for (let at = 0; isGray && at < data.length; at += channels) {
    isGray = data[at] === data[at + 1] && data[at] === data[at + 2];
  }
  if (isGray) return { kind: "ids", width, height, data: everyNth(data, channels), palette: null };
  const rgb = new (data.constructor as new (length: number) => Uint8Array | Uint16Array)(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = data[i * channels + c] ?? 0; // in range
  }
  const alpha = channels === 4 ? Uint8Array.from({ length: pixels }, (_, i) => (data[i * 4 + 3] === 0 ? 1 : 0)) : null;
  return { kind: "colors", width, height, data: rgb, isTransparent: alpha };
}

function everyNth(data: Uint8Array | Uint16Array, n: number): Uint8Array | Uint16Array {
  if (n === 1) return data;
  return data.filter((_, i) => i % n === 0);
}

/** One byte per sample, from rows of 1, 2 or 4-bit samples; every row starts at a new byte. */
function unpack({ width, height, data, depth }: DecodedPng): Uint8Array {
  const samples = new Uint8Array(width * height);
  const bytesPerRow = Math.ceil((width * depth) / 8);
  const mask = 2 ** depth - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = data[y * bytesPerRow + ((x * depth) >> 3)] as number;
      samples[y * width + x] = (byte >> (8 - depth - ((x * depth) & 7))) & mask;
    }
  }
  return samples;
}

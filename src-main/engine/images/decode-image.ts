// Reads an image file into 8-bit RGB, the right side up.
import sharp, { type Metadata } from "sharp";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { readInputFile } from "../../files/read-input-file.ts";
import { decodeBmp } from "./decode-bmp.ts";
import { canDecode, formatOf, type ImageFormat, READ_FORMATS } from "./image-formats.ts";
import { MAX_IMAGE_FILE_BYTES, MAX_IMAGE_PIXELS } from "./image-limits.ts";
import { type Orientation, UPRIGHT } from "./orientation.ts";
import type { RgbImage } from "./rgb-image.ts";

export interface DecodedImage extends RgbImage {
  /** How the stored pixels were turned to be the image, where they were. */
  readonly orientation?: Orientation;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What libvips calls the kinds of pixels that turn into RGB without a choice of colour profile. */
const COLOR_SPACES: readonly string[] = ["srgb", "rgb16", "b-w", "grey16", "cmyk"];
const SAMPLE_DEPTHS: readonly string[] = ["uchar", "ushort"];

// Pixel values as stored: embedded colour profiles are not applied. Anything short of a complete image is an error.
// Sizes are checked here, with a sentence of our own.
export const SHARP_OPTIONS = { failOn: "error", ignoreIcc: true, limitInputPixels: false } as const;

/**
 * Decodes PNG, JPEG, WebP, TIFF, BMP, GIF and AVIF to 8-bit RGB, with the pixel values that Pillow's
 * `ImageOps.exif_transpose(open(path)).convert("RGB")` gives:
 * - 16-bit samples keep their high byte (for 16-bit grey too, which Pillow would clip to white instead);
 * - grey becomes three equal channels, palettes are looked up; of several pictures in a file the first is taken;
 * - alpha is dropped, not blended with a background;
 * - colour profiles are ignored; CMYK becomes R = (255 − K)(255 − C) / 255 and so on, without one;
 * - a note about the orientation is followed: labels are drawn on what people see, and windows show it so.
 *
 * @throws AppError `input.missing`, `input.unreadable`
 * @throws AppError `image.format` for any other format, and for colours that are not RGB, grey or CMYK
 * @throws AppError `image.damaged` for an image that is empty, breaks off or contradicts itself
 * @throws AppError `image.size` for more than MAX_IMAGE_PIXELS
 */
export async function decodeImage(path: string): Promise<DecodedImage> {
  const bytes = await readInputFile(path, MAX_IMAGE_FILE_BYTES);
  if (requireFormat(path, bytes) === "bmp") return decodeBitmap(path, bytes);
  const metadata = await readOrRefuse(path, () => sharp(bytes, SHARP_OPTIONS).metadata());
  checkMetadata(path, metadata);
  const { orientation = UPRIGHT } = metadata;
  const file = sharp(bytes, SHARP_OPTIONS).autoOrient();
  const isCmyk = metadata.space === "cmyk";
  const pixels = isCmyk
    ? file.pipelineColourspace("cmyk").toColourspace("cmyk")
    : file.removeAlpha().toColourspace("srgb");
  const { data, info } = await readOrRefuse(path, () => pixels.raw().toBuffer({ resolveWithObject: true }));
  const { width, height, channels } = info;
  const read = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const image = { width, height, data: isCmyk ? rgbFromCmyk(read, channels) : read };
  return orientation === UPRIGHT ? image : { ...image, orientation };
}

/**
 * @param bytes  of the file: the first dozen at least
 * @throws AppError `image.format`, `image.damaged` for an empty file
 */
export function requireFormat(path: string, bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) {
    throw new AppError("image.damaged", `"${path}" is empty: the file has no bytes; get it again.`);
  }
  const format = formatOf(bytes);
  if (format === null) {
    throw new AppError("image.format", `"${path}" is not an image that can be read; choose a ${READ_FORMATS} file.`);
  }
  if (canDecode(format)) return format;
  throw new AppError(
    "image.format",
    `"${path}" is a HEIC file, which can't be decoded here; save it as JPEG or PNG first.`,
  );
}

/** @throws AppError `image.size` */
export function requireSize(path: string, { width, height }: Size): void {
  if (width * height <= MAX_IMAGE_PIXELS) return;
  throw new AppError(
    "image.size",
    `"${path}" has ${width} x ${height} pixels, more than the ${MAX_IMAGE_PIXELS} that are read; make it smaller first.`,
  );
}

async function decodeBitmap(path: string, bytes: Uint8Array): Promise<DecodedImage> {
  const { width, height, rgb } = await readOrRefuse(path, async () => decodeBmp(bytes));
  requireSize(path, { width, height });
  return { width, height, data: rgb };
}

function checkMetadata(path: string, { width, height, space, depth }: Metadata): void {
  requireSize(path, { width, height });
  if (!COLOR_SPACES.includes(space)) {
    throw new AppError("image.format", `"${path}" has ${space} colours; save it as an RGB or grey image.`);
  }
  if (!SAMPLE_DEPTHS.includes(depth)) {
    throw new AppError("image.format", `"${path}" has ${depth} samples; save it with 8 or 16 bits a channel.`);
  }
}

/** As Pillow's cmyk2rgb: each ink takes its share of what black leaves. */
function rgbFromCmyk(cmyk: Uint8Array, channels: number): Uint8Array {
  const pixels = cmyk.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const light = 255 - (cmyk[i * channels + 3] ?? 0);
    for (let c = 0; c < 3; c++) {
      const product = (cmyk[i * channels + c] ?? 0) * light + 128;
      rgb[i * 3 + c] = Math.max(0, light - ((product + (product >> 8)) >> 8));
    }
  }
  return rgb;
}

export async function readOrRefuse<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new AppError("image.damaged", `"${path}" is damaged or incomplete; get the file again.`, { cause });
  }
}

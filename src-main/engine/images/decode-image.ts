// Reads an image file into 8-bit RGB.
import sharp, { type Metadata } from "sharp";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { readInputFile } from "../files/read-input-file.ts";
import { MAX_IMAGE_FILE_BYTES, MAX_IMAGE_PIXELS } from "./image-limits.ts";
import type { RgbImage } from "./rgb-image.ts";

// Files are told by their first bytes, not by their names, so that a damaged image and something that never was an
// image get different sentences.
const SIGNATURES: readonly (readonly (number | undefined)[])[] = [
  [0x89, 0x50, 0x4e, 0x47], // PNG
  [0xff, 0xd8, 0xff], // JPEG
  [0x52, 0x49, 0x46, 0x46, undefined, undefined, undefined, undefined, 0x57, 0x45, 0x42, 0x50], // WebP in RIFF
  [0x49, 0x49, 0x2a, 0x00], // TIFF, little-endian
  [0x4d, 0x4d, 0x00, 0x2a], // TIFF, big-endian
];

/** What libvips calls the kinds of pixels that turn into RGB without a choice of colour profile. */
const COLOR_SPACES: readonly string[] = ["srgb", "rgb16", "b-w", "grey16"];
const SAMPLE_DEPTHS: readonly string[] = ["uchar", "ushort"];

// Pixel values as stored: embedded colour profiles are not applied. Anything short of a complete image is an error.
// Sizes are checked here, with a sentence of our own.
const SHARP_OPTIONS = { failOn: "error", ignoreIcc: true, limitInputPixels: false } as const;

/**
 * Decodes PNG, JPEG, WebP and TIFF to 8-bit RGB, with the pixel values that Pillow's `open(path).convert("RGB")` gives:
 * - 16-bit samples keep their high byte (for 16-bit grey too, which Pillow would clip to white instead);
 * - grey becomes three equal channels, palettes are looked up;
 * - alpha is dropped, not blended with a background;
 * - colour profiles are ignored;
 * - EXIF orientation is ignored: the original program ignores it, and label files are stored in the same, unrotated way.
 *
 * @throws AppError `input.missing`, `input.unreadable`
 * @throws AppError `image.format` for anything but these four formats, and for colours that are not RGB or grey
 * @throws AppError `image.damaged` for an image that breaks off or contradicts itself
 * @throws AppError `image.size` for more than MAX_IMAGE_PIXELS
 */
export async function decodeImage(path: string): Promise<RgbImage> {
  const bytes = await readInputFile(path, MAX_IMAGE_FILE_BYTES);
  if (!SIGNATURES.some((signature) => startsWith(bytes, signature))) {
    throw new AppError(
      "image.format",
      `"${path}" is not an image that can be read; choose a PNG, JPEG, WebP or TIFF file.`,
    );
  }
  checkMetadata(path, await readOrRefuse(path, () => sharp(bytes, SHARP_OPTIONS).metadata()));
  const decoded = await readOrRefuse(path, () =>
    sharp(bytes, SHARP_OPTIONS).removeAlpha().toColourspace("srgb").raw().toBuffer({ resolveWithObject: true }),
  );
  const { data, info } = decoded;
  return { width: info.width, height: info.height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
}

function startsWith(bytes: Uint8Array, signature: readonly (number | undefined)[]): boolean {
  return signature.every((byte, i) => byte === undefined || bytes[i] === byte);
}

function checkMetadata(path: string, { width, height, space, depth }: Metadata): void {
  if (width * height > MAX_IMAGE_PIXELS) {
    throw new AppError(
      "image.size",
      `"${path}" has ${width} x ${height} pixels, more than the ${MAX_IMAGE_PIXELS} that are read; make it smaller first.`,
    );
  }
  if (!COLOR_SPACES.includes(space)) {
    throw new AppError("image.format", `"${path}" has ${space} colours; save it as an RGB or grey image.`);
  }
  if (!SAMPLE_DEPTHS.includes(depth)) {
    throw new AppError("image.format", `"${path}" has ${depth} samples; save it with 8 or 16 bits a channel.`);
  }
}

async function readOrRefuse<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new AppError("image.damaged", `"${path}" is damaged or incomplete; get the file again.`, { cause });
  }
}

// Which formats of pictures there are: told by the first bytes of a file, and by the ending of its name.
import { extname } from "node:path";
import sharp from "sharp";

export type ImageFormat = "png" | "jpeg" | "webp" | "tiff" | "gif" | "bmp" | "avif" | "heic";

interface Signature {
  readonly format: ImageFormat;
  /** From the first byte on; undefined: any. */
  readonly bytes: readonly (number | undefined)[];
}

const SIGNATURES: readonly Signature[] = [
  { format: "png", bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { format: "jpeg", bytes: [0xff, 0xd8, 0xff] },
  // WebP in RIFF
  { format: "webp", bytes: [...ascii("RIFF"), undefined, undefined, undefined, undefined, ...ascii("WEBP")] },
  { format: "tiff", bytes: [0x49, 0x49, 0x2a, 0x00] },
  { format: "tiff", bytes: [0x4d, 0x4d, 0x00, 0x2a] },
  { format: "gif", bytes: ascii("GIF8") },
  { format: "bmp", bytes: ascii("BM") },
];

/** Brands of ISO base media files, four bytes from the ninth on: AVIF holds AV1, HEIC holds HEVC. */
const AVIF_BRANDS: readonly string[] = ["avif", "avis"];
const HEIC_BRANDS: readonly string[] = ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"];

/** Null for what is none of them. @param head  a dozen bytes at least, where the file has as many */
export function formatOf(head: Uint8Array): ImageFormat | null {
  const found = SIGNATURES.find(({ bytes }) => bytes.every((byte, i) => byte === undefined || head[i] === byte));
  if (found !== undefined) return found.format;
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 12)).toString("latin1");
  if (text.slice(4, 8) !== "ftyp") return null;
  if (AVIF_BRANDS.includes(text.slice(8, 12))) return "avif";
  return HEIC_BRANDS.includes(text.slice(8, 12)) ? "heic" : null;
}

/** HEVC is patented: whether it is decoded depends on how libheif was built. */
const READS_HEIC = sharp.format.heif?.input.fileSuffix?.includes(".heic") ?? false;
const HEIC_ENDINGS: readonly string[] = [".heic", ".heif", ".hif"];

const READ_ENDINGS: readonly string[] = [
  ...[".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".tif", ".tiff", ".bmp", ".dib", ".gif", ".avif"],
  ...(READS_HEIC ? HEIC_ENDINGS : []),
];

/** Of files that people take for images, and that are not read. */
const OTHER_ENDINGS: readonly string[] = [
  ...(READS_HEIC ? [] : HEIC_ENDINGS),
  ...[".jp2", ".j2k", ".j2c", ".jpf", ".jpx", ".jxl", ".jxr", ".psd", ".xcf", ".svg", ".ico", ".tga", ".pcx", ".sgi"],
  ...[".ppm", ".pgm", ".pbm", ".pnm", ".pfm", ".exr", ".hdr", ".dds", ".qoi", ".apng", ".mpo", ".fits"],
  ...[".raw", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".pef", ".srw"],
];

/** Formats that give pixels back as they were, so that ids can be kept in them. */
const LOSSLESS_ENDINGS: readonly string[] = [".png", ".bmp", ".dib", ".tif", ".tiff", ".gif", ".webp"];

/** What to choose, in a sentence. */
export const READ_FORMATS = `PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF${READS_HEIC ? " or HEIC" : ""}`;

/** Whether a file is called as images are that can be read; the case of the ending does not matter. */
export function isImageName(name: string): boolean {
  return READ_ENDINGS.includes(endingOf(name));
}

/** Whether a file is called as an image of a format that is not read. */
export function isOtherImageName(name: string): boolean {
  return OTHER_ENDINGS.includes(endingOf(name));
}

/** Whether a file's name says that its format keeps ids. */
export function isLosslessName(name: string): boolean {
  return LOSSLESS_ENDINGS.includes(endingOf(name));
}

/** ".jpg" of "A.JPG". */
export function endingOf(name: string): string {
  return extname(name).toLowerCase();
}

export function canDecode(format: ImageFormat): boolean {
  return format !== "heic" || READS_HEIC;
}

function ascii(text: string): number[] {
  return [...Buffer.from(text, "latin1")];
}

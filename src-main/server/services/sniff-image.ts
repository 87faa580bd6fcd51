// Tells from a file's first bytes whether a browser shows its pixels as the engine reads them.

export interface SniffedImage {
  readonly type: "image/png" | "image/jpeg" | "image/webp";
  /**
   * A note may say that the pixels are to be turned, or they are inks: browsers differ in what they make of either, and the
   * engine's reading is to lie under its labels.
   */
  readonly isReadOtherwise: boolean;
}

/** As many bytes are enough: the note about the orientation comes first in a JPEG, and is at most 64 KiB long. */
export const SNIFFED_BYTES = 2 ** 16 + 2 ** 12;

const PNG_NOTE = "eXIf";
const EXIF_MARKER = 0xe1;
/** Baseline, extended and progressive: precision, height, width, number of components. */
const FRAME_MARKERS: readonly number[] = [0xc0, 0xc1, 0xc2];
const INKS = 4;
const START_OF_SCAN = 0xda;
const ORIENTATION_TAG = 0x0112;
const UPRIGHT = 1;

/** Null for what browsers do not show, or what is no image. */
export function sniffImage(head: Buffer): SniffedImage | null {
  if (head.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))) {
    return { type: "image/png", isReadOtherwise: head.includes(PNG_NOTE) };
  }
  if (head.toString("latin1", 0, 4) === "RIFF" && head.toString("latin1", 8, 12) === "WEBP") {
    return { type: "image/webp", isReadOtherwise: hasWebpNote(head) };
  }
  if (head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) {
    return { type: "image/jpeg", isReadOtherwise: isJpegReadOtherwise(head) };
  }
  return null;
}

/** The note follows the pixels; the extended header says that there is one. Source: WebP container specification. */
function hasWebpNote(head: Buffer): boolean {
  return head.toString("latin1", 12, 16) === "VP8X" && ((head[20] ?? 0) & 0x08) !== 0;
}

/** Segments up to the pixels: 0xff, marker, length of what follows with itself. */
function isJpegReadOtherwise(head: Buffer): boolean {
  let at = 2;
  while (at + 4 <= head.length && head[at] === 0xff) {
    const marker = head[at + 1];
    const length = head.readUInt16BE(at + 2);
    if (marker === START_OF_SCAN) break;
    const content = head.subarray(at + 4, at + 2 + length);
    if (FRAME_MARKERS.includes(marker ?? 0) && content[5] === INKS) return true;
    const isNote = marker === EXIF_MARKER && content.toString("latin1", 0, 6) === "Exif\0\0";
    if (isNote && orientationOfTiff(content.subarray(6)) !== UPRIGHT) return true;
    at += 2 + length;
  }
  return false;
}

/** Exif is a small TIFF: byte order, place of the first directory, entries of 12 bytes. Source: TIFF 6.0, section 2. */
function orientationOfTiff(tiff: Buffer): number {
  if (tiff.length < 8) return UPRIGHT;
  const isLittle = tiff.toString("latin1", 0, 2) === "II";
  const uint16 = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return UPRIGHT;
  const entries = uint16(directory);
  for (let i = 0; i < entries; i += 1) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > tiff.length) return UPRIGHT;
    if (uint16(entry) === ORIENTATION_TAG) return uint16(entry + 8);
  }
  return UPRIGHT;
}

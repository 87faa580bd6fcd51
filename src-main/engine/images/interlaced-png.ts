// Makes grey PNGs of interlaced ones with a palette: decoders that know Adam7 give colours, and the indices are wanted.
import { crc32 } from "node:zlib";

const SIGNATURE_BYTES = 8;
/** Length and type before a chunk's data, and its checksum after it. */
const CHUNK_FRAME_BYTES = 12;
const GRAY = 0;
const INDEXED = 3;
// Within the file: bit depth, colour type, and whether it is interlaced (PNG specification, 11.2.1).
const DEPTH_AT = 24;
const COLOR_TYPE_AT = 25;
const INTERLACE_AT = 28;

/** Whether a PNG is interlaced, with several samples in a byte. */
export function isInterlacedBelowBytes(png: Uint8Array): boolean {
  return png[INTERLACE_AT] === 1 && (png[DEPTH_AT] ?? 8) < 8;
}

export interface GrayPng {
  /** The same samples as grey. */
  readonly gray: Buffer;
  readonly isIndexed: boolean;
  readonly depth: number;
}

/** The file without its palette and what else says how samples are shown. What breaks off is left for the decoder to see. */
export function pngAsGray(png: Uint8Array): GrayPng {
  const bytes = Buffer.from(png);
  const isIndexed = bytes[COLOR_TYPE_AT] === INDEXED;
  const kept: Buffer[] = [bytes.subarray(0, SIGNATURE_BYTES)];
  for (let at = SIGNATURE_BYTES; at + CHUNK_FRAME_BYTES <= bytes.length; ) {
    const end = at + CHUNK_FRAME_BYTES + bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (["IHDR", "IDAT", "IEND"].includes(type)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  const gray = Buffer.concat(kept);
  gray[COLOR_TYPE_AT] = GRAY;
  // The header's checksum follows its 13 bytes; a wrong one stays wrong.
  const isSound = crc32(bytes.subarray(12, 29)) === bytes.readUInt32BE(29);
  if (isSound) gray.writeUInt32BE(crc32(gray.subarray(12, 29)), 29);
  return { gray, isIndexed, depth: bytes[DEPTH_AT] ?? 8 };
}

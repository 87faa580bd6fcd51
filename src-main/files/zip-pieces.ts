// Writes a .zip archive piece by piece: members as they are, not compressed (PKWARE APPNOTE 4.3, 4.5.3).
import { crc32 } from "node:zlib";

export interface ZipMember {
  /** With "/" between folders. */
  readonly name: string;
  /** The bytes, the same each time they are asked for: their checksum stands before them in the archive. */
  readonly pieces: () => Iterable<Uint8Array>;
}

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_HEADER = 0x02014b50;
const DIRECTORY_END = 0x06054b50;
const DIRECTORY_END_64 = 0x06064b50;
const DIRECTORY_END_64_LOCATOR = 0x07064b50;
const ZIP64_EXTRA_ID = 1;
/** The version that knows zip64, and the flag that names are UTF-8. */
const VERSION = 45;
const UTF8_FLAG = 1 << 11;
/** 1980-01-01, the first date there is: an archive depends on its content only. */
const DATE = (1 << 5) | 1;
const MAX_32 = 0xffffffff;
const MAX_16 = 0xffff;

interface Entry {
  readonly name: Uint8Array;
  readonly crc: number;
  readonly sizeBytes: number;
  readonly offset: number;
}

/** @throws whatever a member's pieces throw */
export function* zipPieces(members: Iterable<ZipMember>): Generator<Uint8Array> {
  const entries: Entry[] = [];
  let offset = 0;
  for (const { name, pieces } of members) {
    let crc = 0;
    let sizeBytes = 0;
    for (const piece of pieces()) {
      crc = crc32(piece, crc);
      sizeBytes += piece.length;
    }
    const entry = { name: Buffer.from(name), crc, sizeBytes, offset };
    const header = localHeader(entry);
    yield header;
    yield* pieces();
    entries.push(entry);
    offset += header.length + sizeBytes;
  }
  const directory = Buffer.concat(entries.map(directoryHeader));
  yield directory;
  yield directoryEnd(entries.length, directory.length, offset);
}

function localHeader({ name, crc, sizeBytes }: Entry): Uint8Array {
  const isLarge = sizeBytes >= MAX_32;
  const extra = isLarge ? zip64Extra([sizeBytes, sizeBytes]) : Buffer.alloc(0);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(LOCAL_HEADER, 0);
  writeCommonFields(header, 4, { crc, sizeBytes: isLarge ? MAX_32 : sizeBytes, name, extra });
  return Buffer.concat([header, name, extra]);
}

function directoryHeader({ name, crc, sizeBytes, offset }: Entry): Uint8Array {
  const isLarge = sizeBytes >= MAX_32;
  const isFar = offset >= MAX_32;
  const wide = [...(isLarge ? [sizeBytes, sizeBytes] : []), ...(isFar ? [offset] : [])];
  const extra = wide.length > 0 ? zip64Extra(wide) : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(DIRECTORY_HEADER, 0);
  header.writeUInt16LE(VERSION, 4);
  writeCommonFields(header, 6, { crc, sizeBytes: isLarge ? MAX_32 : sizeBytes, name, extra });
  header.writeUInt32LE(isFar ? MAX_32 : offset, 42);
  return Buffer.concat([header, name, extra]);
}

/** What both headers of a member hold, in the same order: from the version needed to the length of the extra field. */
function writeCommonFields(
  header: Buffer,
  at: number,
  fields: { crc: number; sizeBytes: number; name: Uint8Array; extra: Uint8Array },
): void {
  header.writeUInt16LE(VERSION, at);
  header.writeUInt16LE(UTF8_FLAG, at + 2);
  header.writeUInt16LE(DATE, at + 8);
  header.writeUInt32LE(fields.crc, at + 10);
  header.writeUInt32LE(fields.sizeBytes, at + 14);
  header.writeUInt32LE(fields.sizeBytes, at + 18);
  header.writeUInt16LE(fields.name.length, at + 22);
  header.writeUInt16LE(fields.extra.length, at + 24);
}

/** Just those values that do not fit their 32-bit places, in the headers' order. */
function zip64Extra(values: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(ZIP64_EXTRA_ID, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  for (const [i, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
  return extra;
}

function directoryEnd(members: number, sizeBytes: number, offset: number): Uint8Array {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(DIRECTORY_END, 0);
  end.writeUInt16LE(Math.min(members, MAX_16), 8);
  end.writeUInt16LE(Math.min(members, MAX_16), 10);
  end.writeUInt32LE(Math.min(sizeBytes, MAX_32), 12);
  end.writeUInt32LE(Math.min(offset, MAX_32), 16);
  const isLarge = members >= MAX_16 || sizeBytes >= MAX_32 || offset >= MAX_32;
  return isLarge ? Buffer.concat([directoryEnd64(members, sizeBytes, offset), end]) : end;
}

function directoryEnd64(members: number, sizeBytes: number, offset: number): Uint8Array {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(DIRECTORY_END_64, 0);
  record.writeBigUInt64LE(44n, 4); // of what follows in this record
  record.writeUInt16LE(VERSION, 12);
  record.writeUInt16LE(VERSION, 14);
  record.writeBigUInt64LE(BigInt(members), 24);
  record.writeBigUInt64LE(BigInt(members), 32);
  record.writeBigUInt64LE(BigInt(sizeBytes), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.writeUInt32LE(DIRECTORY_END_64_LOCATOR, 56);
  record.writeBigUInt64LE(BigInt(offset + sizeBytes), 64);
  record.writeUInt32LE(1, 72); // one disk
  return record;
}

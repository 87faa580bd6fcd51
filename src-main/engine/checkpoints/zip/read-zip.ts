// Reads the directory of a zip archive held in memory, and the bytes of its members (PKWARE APPNOTE 4.3, 4.5.3).
import { inflateRawSync } from "node:zlib";
import type { AppError } from "../../../../src-shared/contract/errors.ts";
import { damaged, quoted, wrongFormat } from "../checkpoint-error.ts";

export interface ZipMember {
  readonly name: string;
  readonly method: number;
  /** First byte of the stored or compressed data in the archive. */
  readonly dataOffset: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
}

/** Members by name, in the directory's order. */
export type ZipDirectory = ReadonlyMap<string, ZipMember>;

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_HEADER = 0x02014b50;
const DIRECTORY_END = 0x06054b50;
const DIRECTORY_END_64 = 0x06064b50;
const DIRECTORY_END_64_LOCATOR = 0x07064b50;
const LOCAL_HEADER_BYTES = 30;
const DIRECTORY_HEADER_BYTES = 46;
const DIRECTORY_END_BYTES = 22;
const DIRECTORY_END_64_BYTES = 56;
const LOCATOR_BYTES = 20;
const ZIP64_EXTRA_ID = 1;
const ENCRYPTED_FLAG = 1;
const STORED = 0;
const DEFLATED = 8;
const IN_ZIP64_32 = 0xffffffff;

// One member per storage; the largest network here with two optimizer moments has 6,500.
const MAX_MEMBERS = 200_000;
// A comment's length is a 16-bit field, so the end record starts at most this far from the end.
const MAX_END_DISTANCE = DIRECTORY_END_BYTES + 0xffff;
// Deflate spends at least 2 bits on 258 bytes; a member that promises more lies about its size.
const MAX_DEFLATE_RATIO = 1032;
// Trained weights hardly compress at all; a small file may unpack to this much, a large one to a multiple of itself.
const MAX_UNPACKED_BYTES = 256 * 2 ** 20;
const MAX_UNPACKED_RATIO = 8;

/** Whether the bytes begin like a zip archive, whole or not. */
export function looksLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5) && bytes[3] === bytes[2] + 1;
}

/**
 * The archive's members, each checked to lie inside the file, before the directory and apart from the others.
 * Checksums are not compared: torch.save can be told to write none.
 *
 * @throws AppError `checkpoint.damaged`; `checkpoint.format` for encrypted or unknown compression
 */
export function readZipDirectory(fileName: string, bytes: Uint8Array): ZipDirectory {
  return new ZipReader(fileName, bytes).directory();
}

/**
 * A member's bytes: a view of the archive when stored, a new array when deflated.
 *
 * @throws AppError `checkpoint.damaged`
 */
export function readZipMember(fileName: string, archive: Uint8Array, member: ZipMember): Uint8Array {
  const data = archive.subarray(member.dataOffset, member.dataOffset + member.compressedBytes);
  if (member.method === STORED) return data;
  const inflated = inflate(fileName, data, member);
  if (inflated.length !== member.sizeBytes) {
    const found = `member ${quoted(member.name)} unpacks to ${inflated.length} bytes, ${member.sizeBytes} promised`;
    throw damaged(fileName, found);
  }
  return inflated;
}

function inflate(fileName: string, data: Uint8Array, member: ZipMember): Uint8Array {
  try {
    // A limit of 0 is not accepted; the length is compared afterwards anyway.
    return inflateRawSync(data, { maxOutputLength: Math.max(1, member.sizeBytes) });
  } catch (error) {
    throw damaged(fileName, `member ${quoted(member.name)} does not unpack`, error);
  }
}

interface DirectoryPlace {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly members: number;
}

interface DirectoryRecord {
  readonly member: Omit<ZipMember, "dataOffset">;
  readonly headerOffset: number;
  readonly next: number;
}

class ZipReader {
  readonly #fileName: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(fileName: string, bytes: Uint8Array) {
    this.#fileName = fileName;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  directory(): ZipDirectory {
    const place = this.#locate();
    const end = place.offset + place.sizeBytes;
    const members = new Map<string, ZipMember>();
    const ranges: { start: number; end: number; name: string }[] = [];
    let position = place.offset;
    for (let i = 0; i < place.members; i++) {
      const record = this.#record(position, end);
      const { name, compressedBytes } = record.member;
      const dataOffset = this.#dataOffset(record, place.offset);
      if (members.has(name)) throw this.#damaged(`member ${quoted(name)} is there twice`);
      members.set(name, { ...record.member, dataOffset });
      ranges.push({ start: record.headerOffset, end: dataOffset + compressedBytes, name });
      position = record.next;
    }
    this.#requireApart(ranges);
    this.#requireModestSize(members);
    return members;
  }

  #locate(): DirectoryPlace {
    const endRecord = this.#findEnd();
    const place = this.#zip64Place(endRecord) ?? {
      members: this.#view.getUint16(endRecord + 10, true),
      sizeBytes: this.#view.getUint32(endRecord + 12, true),
      offset: this.#view.getUint32(endRecord + 16, true),
    };
    if (!(place.offset + place.sizeBytes <= endRecord)) {
      throw this.#damaged(`the zip directory (${place.sizeBytes} bytes at ${place.offset}) lies outside of the file`);
    }
    if (place.members > Math.min(MAX_MEMBERS, place.sizeBytes / DIRECTORY_HEADER_BYTES)) {
      throw this.#damaged(`the zip directory promises ${place.members} members in ${place.sizeBytes} bytes`);
    }
    return place;
  }

  /** The end record is the last thing in the file, up to a comment whose length it holds. */
  #findEnd(): number {
    const size = this.#bytes.length;
    for (let at = size - DIRECTORY_END_BYTES; at >= Math.max(0, size - MAX_END_DISTANCE); at--) {
      if (this.#view.getUint32(at, true) !== DIRECTORY_END) continue;
      if (at + DIRECTORY_END_BYTES + this.#view.getUint16(at + 20, true) === size) return at;
    }
    throw this.#damaged("the zip archive breaks off before its directory, as an incomplete download does");
  }

  #zip64Place(endRecord: number): DirectoryPlace | null {
    const locator = endRecord - LOCATOR_BYTES;
    if (locator < 0 || this.#view.getUint32(locator, true) !== DIRECTORY_END_64_LOCATOR) return null;
    const at = this.#uint64(locator + 8);
    if (!(at + DIRECTORY_END_64_BYTES <= locator) || this.#view.getUint32(at, true) !== DIRECTORY_END_64) {
      throw this.#damaged(`the zip64 end record is not at byte ${at}`);
    }
    return { members: this.#uint64(at + 32), sizeBytes: this.#uint64(at + 40), offset: this.#uint64(at + 48) };
  }

  #record(position: number, end: number): DirectoryRecord {
    const view = this.#view;
    if (position + DIRECTORY_HEADER_BYTES > end || view.getUint32(position, true) !== DIRECTORY_HEADER) {
      throw this.#damaged(`the zip directory has no entry at byte ${position}`);
    }
    const nameEnd = position + DIRECTORY_HEADER_BYTES + view.getUint16(position + 28, true);
    const extraEnd = nameEnd + view.getUint16(position + 30, true);
    const next = extraEnd + view.getUint16(position + 32, true);
    if (next > end) throw this.#damaged(`the zip directory's entry at byte ${position} is cut off`);
    const name = this.#name(position + DIRECTORY_HEADER_BYTES, nameEnd);
    const method = view.getUint16(position + 10, true);
    this.#requireReadable(name, method, view.getUint16(position + 8, true));
    const zip64 = this.#zip64Fields(nameEnd, extraEnd);
    // The extra field holds, in this order, just those values that did not fit their place in the header.
    const wide = (at: number) => {
      const value = view.getUint32(at, true);
      return value === IN_ZIP64_32 ? (zip64.shift() ?? value) : value;
    };
    const sizeBytes = wide(position + 24);
    const compressedBytes = wide(position + 20);
    const headerOffset = wide(position + 42);
    if (!isPossibleSize(method, compressedBytes, sizeBytes)) {
      throw this.#damaged(`member ${quoted(name)} cannot hold ${sizeBytes} bytes in ${compressedBytes}`);
    }
    return { member: { name, method, compressedBytes, sizeBytes }, headerOffset, next };
  }

  #requireReadable(name: string, method: number, flags: number): void {
    if ((flags & ENCRYPTED_FLAG) !== 0) {
      throw wrongFormat(this.#fileName, `zip member ${quoted(name)} is encrypted; export the checkpoint without it.`);
    }
    if (method !== STORED && method !== DEFLATED) {
      const message = `zip member ${quoted(name)} uses compression method ${method}; torch.save stores members as they are.`;
      throw wrongFormat(this.#fileName, message);
    }
  }

  #zip64Fields(start: number, end: number): number[] {
    for (let at = start; at + 4 <= end; ) {
      const id = this.#view.getUint16(at, true);
      const fieldEnd = at + 4 + this.#view.getUint16(at + 2, true);
      if (fieldEnd > end) break; // padding, which some writers put there without a length
      if (id === ZIP64_EXTRA_ID) {
        const values: number[] = [];
        for (let value = at + 4; value + 8 <= fieldEnd; value += 8) values.push(this.#uint64(value));
        return values;
      }
      at = fieldEnd;
    }
    return [];
  }

  /** The local header repeats the name; its own extra field (torch pads there) moves the data. */
  #dataOffset({ member, headerOffset }: DirectoryRecord, directoryOffset: number): number {
    const nameOffset = headerOffset + LOCAL_HEADER_BYTES;
    if (!(nameOffset <= directoryOffset) || this.#view.getUint32(headerOffset, true) !== LOCAL_HEADER) {
      throw this.#damaged(`member ${quoted(member.name)} has no header at byte ${headerOffset}`);
    }
    const nameEnd = nameOffset + this.#view.getUint16(headerOffset + 26, true);
    const dataOffset = nameEnd + this.#view.getUint16(headerOffset + 28, true);
    if (!(dataOffset + member.compressedBytes <= directoryOffset)) {
      const found = `${member.compressedBytes} bytes at ${dataOffset}, where the members end at ${directoryOffset}`;
      throw this.#damaged(`member ${quoted(member.name)} is said to have ${found}`);
    }
    if (this.#name(nameOffset, nameEnd) !== member.name) {
      throw this.#damaged(`member ${quoted(member.name)} has another name in its header at byte ${headerOffset}`);
    }
    return dataOffset;
  }

  #requireApart(ranges: { start: number; end: number; name: string }[]): void {
    let previousEnd = 0;
    for (const { start, end, name } of ranges.toSorted((a, b) => a.start - b.start)) {
      if (start < previousEnd) throw this.#damaged(`member ${quoted(name)} overlaps the one before it`);
      previousEnd = end;
    }
  }

  #requireModestSize(members: ZipDirectory): void {
    const unpackedBytes = [...members.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (unpackedBytes > Math.max(MAX_UNPACKED_BYTES, MAX_UNPACKED_RATIO * this.#bytes.length)) {
      throw this.#damaged(`${this.#bytes.length} bytes are said to unpack to ${unpackedBytes}, which no weights do`);
    }
  }

  #name(start: number, end: number): string {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start).toString("utf8");
  }

  #uint64(at: number): number {
    return Number(this.#view.getBigUint64(at, true));
  }

  #damaged(what: string): AppError {
    return damaged(this.#fileName, what);
  }
}

function isPossibleSize(method: number, compressedBytes: number, sizeBytes: number): boolean {
  return method === STORED ? compressedBytes === sizeBytes : sizeBytes <= compressedBytes * MAX_DEFLATE_RATIO;
}

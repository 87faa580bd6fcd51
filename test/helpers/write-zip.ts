// Writes small zip archives for tests: stored or deflated, with data descriptors or zip64 fields when asked.
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipOptions {
  /** Method 8 instead of 0. */
  readonly isDeflated?: boolean;
  /** Sizes after the data instead of before it, as torch writes them. */
  readonly hasDataDescriptors?: boolean;
  /** Sizes and offsets in 64-bit fields, whatever they are. */
  readonly isZip64?: boolean;
  /** Start of each member's data is a multiple of this; the local header is padded. */
  readonly alignment?: number;
}

/** The archive as pieces to be written one after the other; the members' own bytes are not copied. */
export function zipChunks(members: ReadonlyMap<string, Uint8Array>, options: ZipOptions = {}): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let position = 0;
  const put = (chunk: Uint8Array) => {
    chunks.push(chunk);
    position += chunk.length;
  };
  for (const [name, content] of members) {
    const data = options.isDeflated ? deflateRawSync(content) : content;
    const fields = { name: Buffer.from(name), crc: crc32(content), stored: data.length, size: content.length };
    directory.push(directoryHeader(fields, position, options));
    put(localHeader(fields, position, options));
    put(data);
    if (options.hasDataDescriptors) put(dataDescriptor(fields));
  }
  const directoryOffset = position;
  for (const header of directory) put(header);
  const directoryBytes = position - directoryOffset;
  if (options.isZip64) put(zip64End(members.size, directoryBytes, directoryOffset, position));
  put(endRecord(members.size, directoryBytes, directoryOffset, options));
  return chunks;
}

/** The same as one array. */
export function zipBytes(members: ReadonlyMap<string, Uint8Array>, options: ZipOptions = {}): Uint8Array {
  return new Uint8Array(Buffer.concat(zipChunks(members, options)));
}

interface MemberFields {
  readonly name: Uint8Array;
  readonly crc: number;
  readonly stored: number;
  readonly size: number;
}

const WIDE = 0xffffffff;

function localHeader(fields: MemberFields, position: number, options: ZipOptions): Uint8Array {
  const isLater = options.hasDataDescriptors === true;
  const start = position + 30 + fields.name.length;
  const alignment = options.alignment ?? 1;
  // A padding field needs 4 bytes for its own id and length.
  const padding = start % alignment === 0 ? 0 : ((2 * alignment - ((start + 4) % alignment)) % alignment) + 4;
  const header = Buffer.alloc(30 + fields.name.length + padding);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(45, 4);
  header.writeUInt16LE(isLater ? 8 : 0, 6);
  header.writeUInt16LE(options.isDeflated ? 8 : 0, 8);
  header.writeUInt32LE(isLater ? 0 : fields.crc, 14);
  header.writeUInt32LE(isLater ? 0 : fields.stored, 18);
  header.writeUInt32LE(isLater ? 0 : fields.size, 22);
  header.writeUInt16LE(fields.name.length, 26);
  header.writeUInt16LE(padding, 28);
  header.set(fields.name, 30);
  if (padding > 0) {
    header.write("FB", 30 + fields.name.length, "latin1");
    header.writeUInt16LE(padding - 4, 32 + fields.name.length);
  }
  return header;
}

function dataDescriptor({ crc, stored, size }: MemberFields): Uint8Array {
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc, 4);
  descriptor.writeUInt32LE(stored, 8);
  descriptor.writeUInt32LE(size, 12);
  return descriptor;
}

function directoryHeader(fields: MemberFields, offset: number, options: ZipOptions): Uint8Array {
  const extraBytes = options.isZip64 ? 28 : 0;
  const header = Buffer.alloc(46 + fields.name.length + extraBytes);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(45, 4);
  header.writeUInt16LE(45, 6);
  header.writeUInt16LE(options.hasDataDescriptors ? 8 : 0, 8);
  header.writeUInt16LE(options.isDeflated ? 8 : 0, 10);
  header.writeUInt32LE(fields.crc, 16);
  header.writeUInt32LE(options.isZip64 ? WIDE : fields.stored, 20);
  header.writeUInt32LE(options.isZip64 ? WIDE : fields.size, 24);
  header.writeUInt16LE(fields.name.length, 28);
  header.writeUInt16LE(extraBytes, 30);
  header.writeUInt32LE(options.isZip64 ? WIDE : offset, 42);
  header.set(fields.name, 46);
  if (options.isZip64) {
    const extra = 46 + fields.name.length;
    header.writeUInt16LE(1, extra);
    header.writeUInt16LE(24, extra + 2);
    header.writeBigUInt64LE(BigInt(fields.size), extra + 4);
    header.writeBigUInt64LE(BigInt(fields.stored), extra + 12);
    header.writeBigUInt64LE(BigInt(offset), extra + 20);
  }
  return header;
}

function zip64End(members: number, directoryBytes: number, directoryOffset: number, position: number): Uint8Array {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(members), 24);
  record.writeBigUInt64LE(BigInt(members), 32);
  record.writeBigUInt64LE(BigInt(directoryBytes), 40);
  record.writeBigUInt64LE(BigInt(directoryOffset), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(position), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

function endRecord(members: number, directoryBytes: number, offset: number, options: ZipOptions): Uint8Array {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(options.isZip64 ? 0xffff : members, 8);
  record.writeUInt16LE(options.isZip64 ? 0xffff : members, 10);
  record.writeUInt32LE(options.isZip64 ? WIDE : directoryBytes, 12);
  record.writeUInt32LE(options.isZip64 ? WIDE : offset, 16);
  return record;
}

// Reads lists of numbers from a MATLAB file, the format in which GTA5's splits come.
import { inflateSync } from "node:zlib";
import type { DatasetTree } from "./dataset-tree.ts";
import { readSmallFile, reportBadList } from "./splits.ts";

/** GTA5's three lists have 25,000 numbers; this leaves room for ten times as many as doubles. */
const MAX_BYTES = 2 * 1024 * 1024;

// MAT-file format, level 5 (MathWorks "MAT-File Format", 1: Level 5 MAT-File Format).
const HEADER_BYTES = 128;
const LITTLE_ENDIAN = "IM";
const TAG_BYTES = 8;
const MATRIX = 14;
const COMPRESSED = 15;

interface Element {
  readonly type: number;
  readonly data: Buffer;
  /** Where the next one begins. */
  readonly end: number;
}

/** The numeric arrays of the file by name; none, with a line in the report, when it can't be read. */
export async function readMatSplit(tree: DatasetTree, file: string): Promise<Map<string, number[]>> {
  const bytes = await readSmallFile(tree, file, MAX_BYTES);
  if (bytes === null) return new Map();
  try {
    return arraysOf(bytes);
  } catch {
    // Every way to be damaged ends in reading outside of the buffer, or in inflate.
    reportBadList(tree, file);
    return new Map();
  }
}

function arraysOf(bytes: Buffer): Map<string, number[]> {
  if (bytes.toString("latin1", 126, HEADER_BYTES) !== LITTLE_ENDIAN) throw new RangeError("not a level 5 file");
  const arrays = new Map<string, number[]>();
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const outer = elementAt(bytes, at);
    // Compressed elements are not padded.
    at = outer.type === COMPRESSED ? at + TAG_BYTES + outer.data.length : outer.end;
    const element =
      outer.type === COMPRESSED ? elementAt(inflateSync(outer.data, { maxOutputLength: MAX_BYTES }), 0) : outer;
    if (element.type !== MATRIX) continue;
    const { name, values } = matrixOf(element.data);
    arrays.set(name, values);
  }
  return arrays;
}

/** A matrix is four elements: flags, dimensions, name, values. */
function matrixOf(data: Buffer): { name: string; values: number[] } {
  const flags = elementAt(data, 0);
  const dimensions = elementAt(data, flags.end);
  const name = elementAt(data, dimensions.end);
  return { name: name.data.toString("latin1"), values: numbersOf(elementAt(data, name.end)) };
}

function elementAt(bytes: Buffer, at: number): Element {
  const type = bytes.readUInt16LE(at);
  const smallSize = bytes.readUInt16LE(at + 2);
  if (smallSize > 0) {
    // Up to four bytes lie in the tag itself.
    return { type, data: slice(bytes, at + 4, Math.min(smallSize, 4)), end: at + TAG_BYTES };
  }
  const size = bytes.readUInt32LE(at + 4);
  return { type, data: slice(bytes, at + TAG_BYTES, size), end: at + TAG_BYTES + Math.ceil(size / 8) * 8 };
}

function slice(bytes: Buffer, start: number, size: number): Buffer {
  if (start + size > bytes.length) throw new RangeError("breaks off");
  return bytes.subarray(start, start + size);
}

function numbersOf({ type, data }: Element): number[] {
  const reader = READERS[type];
  if (reader === undefined) throw new RangeError(`values of type ${type}`);
  return Array.from({ length: data.length / reader.size }, (_, i) => reader.read(data, i * reader.size));
}

/** By MAT data type. */
const READERS: Readonly<
  Record<number, { readonly size: number; readonly read: (data: Buffer, at: number) => number }>
> = {
  1: { size: 1, read: (data, at) => data.readInt8(at) },
  2: { size: 1, read: (data, at) => data.readUInt8(at) },
  3: { size: 2, read: (data, at) => data.readInt16LE(at) },
  4: { size: 2, read: (data, at) => data.readUInt16LE(at) },
  5: { size: 4, read: (data, at) => data.readInt32LE(at) },
  6: { size: 4, read: (data, at) => data.readUInt32LE(at) },
  7: { size: 4, read: (data, at) => data.readFloatLE(at) },
  9: { size: 8, read: (data, at) => data.readDoubleLE(at) },
};

// Reads .safetensors: an 8-byte length, a JSON header of that length, then the tensors' bytes without gaps.
import { damaged, quoted, wrongFormat } from "../checkpoint-error.ts";
import { type CheckpointFile, readCheckpointFile } from "../read-file.ts";
import { elementBytes, elementCount, type StateDict, type StateTensor, tensorDataFromBytes } from "../state-dict.ts";
import { dtypeFromSafetensorsName } from "./dtype-names.ts";

export interface SafetensorsContent {
  /** Names as they stand in the file, in the header's order. */
  readonly tensors: StateDict;
  /** The header's `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>;
}

const LENGTH_BYTES = 8;
const OPENING_BRACE = 0x7b;
const METADATA_KEY = "__metadata__";
// The format's own limit; the header of the largest network here takes 0.3 MB.
const MAX_HEADER_BYTES = 100_000_000;
// Convolution weights have 4 dimensions.
const MAX_RANK = 16;

/**
 * Reads a file whole; tensors are views of it where their offsets are aligned.
 *
 * @throws AppError `input.missing`, `input.unreadable`, `checkpoint.format`, `checkpoint.damaged`
 */
export async function readSafetensors(path: string): Promise<SafetensorsContent> {
  return parseSafetensors(await readCheckpointFile(path));
}

/** Whether the bytes begin like a safetensors file: a length of less than 2^48, then a header that is a JSON object. */
export function looksLikeSafetensors(bytes: Uint8Array): boolean {
  return bytes[LENGTH_BYTES] === OPENING_BRACE && bytes[LENGTH_BYTES - 1] === 0 && bytes[LENGTH_BYTES - 2] === 0;
}

/** The same for a file that has been read. */
export function parseSafetensors(file: CheckpointFile): SafetensorsContent {
  const { header, dataStart } = readHeader(file);
  const data = file.bytes.subarray(dataStart);
  const tensors = new Map<string, StateTensor>();
  const ranges: Range[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === METADATA_KEY) {
      metadata = metadataFrom(file.name, entry);
      continue;
    }
    const { tensor, range } = tensorFrom(file.name, name, entry, data);
    tensors.set(name, tensor);
    ranges.push(range);
  }
  requireNoGaps(file.name, ranges, data.length);
  return { tensors, metadata };
}

interface Range {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

type JsonObject = Readonly<Record<string, unknown>>;

function readHeader({ name, bytes }: CheckpointFile): { header: JsonObject; dataStart: number } {
  if (bytes.length < LENGTH_BYTES) throw damaged(name, `${bytes.length} bytes are too few for a safetensors file`);
  const headerBytes = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const dataStart = LENGTH_BYTES + headerBytes;
  if (dataStart > bytes.length) {
    throw damaged(name, `the safetensors header of ${headerBytes} bytes is longer than the file (${bytes.length})`);
  }
  if (headerBytes > MAX_HEADER_BYTES) {
    throw damaged(name, `the safetensors header has ${headerBytes} bytes, more than the format's ${MAX_HEADER_BYTES}`);
  }
  const header = parseJson(name, bytes.subarray(LENGTH_BYTES, dataStart));
  if (!isObject(header)) throw damaged(name, "the safetensors header is no JSON object");
  return { header, dataStart };
}

function parseJson(fileName: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw damaged(fileName, "the safetensors header is not JSON", error);
  }
}

function metadataFrom(fileName: string, entry: unknown): Readonly<Record<string, string>> {
  if (!isObject(entry)) throw damaged(fileName, "the safetensors metadata is no JSON object");
  const texts: [string, string][] = [];
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value !== "string") throw damaged(fileName, `the safetensors metadata ${quoted(key)} is no text`);
    texts.push([key, value]);
  }
  return Object.fromEntries(texts);
}

function tensorFrom(
  fileName: string,
  name: string,
  entry: unknown,
  data: Uint8Array,
): { tensor: StateTensor; range: Range } {
  const { dtype: dtypeName, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  const dtype = dtypeFromSafetensorsName(dtypeName);
  if (dtype === null) {
    if (typeof dtypeName !== "string") throw damaged(fileName, `tensor ${quoted(name)} has no dtype`);
    const message = `tensor ${quoted(name)} has dtype ${quoted(dtypeName)}, which is not read; convert it to F32.`;
    throw wrongFormat(fileName, message);
  }
  if (!isCounts(shape) || shape.length > MAX_RANK) {
    throw damaged(fileName, `tensor ${quoted(name)} has no shape of up to ${MAX_RANK} dimensions`);
  }
  if (!isCounts(offsets)) throw damaged(fileName, `tensor ${quoted(name)} has no data offsets`);
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length > 2 || begin > end || end > data.length) {
    const found = `data offsets [${offsets.slice(0, 4)}] in ${data.length} bytes of data`;
    throw damaged(fileName, `tensor ${quoted(name)} has ${found}`);
  }
  const sizeBytes = elementCount(shape) * elementBytes(dtype);
  if (end - begin !== sizeBytes) {
    throw damaged(fileName, `tensor ${quoted(name)} has ${end - begin} bytes, its shape needs ${sizeBytes}`);
  }
  const tensor = { dtype, shape, data: tensorDataFromBytes(dtype, data.subarray(begin, end)) };
  return { tensor, range: { name, begin, end } };
}

/** The format allows neither overlaps nor holes, so that no byte has two meanings or none. */
function requireNoGaps(fileName: string, ranges: readonly Range[], dataBytes: number): void {
  let position = 0;
  for (const { name, begin, end } of ranges.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < position) throw damaged(fileName, `tensor ${quoted(name)} overlaps the one before it`);
    if (begin > position)
      throw damaged(fileName, `${begin - position} bytes before tensor ${quoted(name)} belong to none`);
    position = end;
  }
  if (position < dataBytes) throw damaged(fileName, `${dataBytes - position} bytes at the end belong to no tensor`);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

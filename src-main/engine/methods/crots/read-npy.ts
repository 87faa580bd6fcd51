// Reads NumPy's .npy files of one array: header as data, numbers in C order. Source: numpy.lib.format, versions 1 to 3.
import { basename } from "node:path";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { readInputFile } from "../../../files/read-input-file.ts";

export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const MAGIC = "\x93NUMPY";
/** Float64 probabilities of 19 classes at 2048 x 1024, and half as much again. */
const MAX_BYTES = 512 * 2 ** 20;

const READERS: Readonly<
  Record<string, { readonly bytes: number; readonly at: (view: DataView, at: number) => number }>
> = {
  "|u1": { bytes: 1, at: (view, at) => view.getUint8(at) },
  "<f2": { bytes: 2, at: (view, at) => halfOf(view.getUint16(at, true)) },
  "<f4": { bytes: 4, at: (view, at) => view.getFloat32(at, true) },
  "<f8": { bytes: 8, at: (view, at) => view.getFloat64(at, true) },
};

/** @throws AppError `input.missing`, `input.unreadable` */
export async function readNpy(path: string): Promise<NpyArray> {
  const bytes = await readInputFile(path, MAX_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || Buffer.from(bytes.subarray(0, MAGIC.length)).toString("latin1") !== MAGIC) {
    throw refused(path, "is no NumPy array");
  }
  const isFirstVersion = view.getUint8(6) === 1;
  const start = isFirstVersion ? 10 : 12;
  const length = isFirstVersion ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) throw refused(path, "breaks off in its header");
  const header = Buffer.from(bytes.subarray(start, start + length)).toString("latin1");
  const [, type = ""] = /'descr':\s*'([^']+)'/.exec(header) ?? [];
  const [, sizes = ""] = /'shape':\s*\(([^)]*)\)/.exec(header) ?? [];
  const reader = READERS[type];
  if (reader === undefined) throw refused(path, `holds numbers of type "${type}"`);
  if (/'fortran_order':\s*True/.test(header)) throw refused(path, "is in Fortran order");
  const shape = sizes.split(",").flatMap((size) => (size.trim() === "" ? [] : [Number(size)]));
  const count = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(count) || start + length + count * reader.bytes !== bytes.length) {
    throw refused(path, `has not the ${count} numbers that its shape says`);
  }
  const data = new Float32Array(count);
  for (let i = 0; i < count; i += 1) data[i] = reader.at(view, start + length + i * reader.bytes);
  return { shape, data };
}

function refused(path: string, what: string): AppError {
  const advice = "save it with numpy.save as float16, float32, float64 or uint8 in C order.";
  return new AppError("input.unreadable", `"${basename(path)}" ${what}; ${advice}`);
}

/** IEEE 754 half precision. */
function halfOf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

// What a checkpoint holds: named tensors of plain numbers, and the way from any dtype to float32.
import { BugError } from "../../../src-shared/contract/errors.ts";
import { float32FromBfloat16, float32FromFloat16, float32FromInt64 } from "./float32-from.ts";

export type TensorDType =
  | "float64"
  | "float32"
  | "float16"
  | "bfloat16"
  | "int64"
  | "int32"
  | "int16"
  | "int8"
  | "uint8"
  | "bool";

/** float16 and bfloat16 are raw bits in a `Uint16Array`; bool is 0 or 1 in a `Uint8Array`. */
export type TensorData =
  | Float64Array
  | Float32Array
  | Uint16Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint8Array;

/**
 * One tensor of a checkpoint, contiguous in C order; `shape` is `[]` for a scalar.
 * `data` may be a view of a buffer that other tensors share: read it, never write to it.
 */
export interface StateTensor {
  readonly dtype: TensorDType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Name → tensor, in the order of the file. */
export type StateDict = ReadonlyMap<string, StateTensor>;

interface ElementType {
  readonly bytes: number;
  readonly view: (buffer: ArrayBufferLike, byteOffset: number, length: number) => TensorData;
}

// The files are little-endian, and so is every machine that Node and the runtimes support: views need no swapping.
const ELEMENT_TYPES: { readonly [D in TensorDType]: ElementType } = {
  float64: { bytes: 8, view: (buffer, offset, length) => new Float64Array(buffer, offset, length) },
  float32: { bytes: 4, view: (buffer, offset, length) => new Float32Array(buffer, offset, length) },
  float16: { bytes: 2, view: (buffer, offset, length) => new Uint16Array(buffer, offset, length) },
  bfloat16: { bytes: 2, view: (buffer, offset, length) => new Uint16Array(buffer, offset, length) },
  int64: { bytes: 8, view: (buffer, offset, length) => new BigInt64Array(buffer, offset, length) },
  int32: { bytes: 4, view: (buffer, offset, length) => new Int32Array(buffer, offset, length) },
  int16: { bytes: 2, view: (buffer, offset, length) => new Int16Array(buffer, offset, length) },
  int8: { bytes: 1, view: (buffer, offset, length) => new Int8Array(buffer, offset, length) },
  uint8: { bytes: 1, view: (buffer, offset, length) => new Uint8Array(buffer, offset, length) },
  bool: { bytes: 1, view: (buffer, offset, length) => new Uint8Array(buffer, offset, length) },
};

export const TENSOR_DTYPES = Object.keys(ELEMENT_TYPES) as readonly TensorDType[];

/** Bytes of one element. */
export function elementBytes(dtype: TensorDType): number {
  return ELEMENT_TYPES[dtype].bytes;
}

/** Number of elements of a shape; 1 for `[]`. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The elements in `bytes`: a view where the offset is aligned, otherwise a copy. */
export function tensorDataFromBytes(dtype: TensorDType, bytes: Uint8Array): TensorData {
  const { bytes: size, view } = ELEMENT_TYPES[dtype];
  if (bytes.byteLength % size !== 0) {
    throw new BugError(`${bytes.byteLength} bytes are no whole number of ${dtype} elements`);
  }
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return view(aligned.buffer, aligned.byteOffset, aligned.byteLength / size);
}

/** The raw little-endian bytes of a tensor, as a view. */
export function bytesOfTensor(tensor: StateTensor): Uint8Array {
  return new Uint8Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
}

/**
 * The values as float32, each rounded once to the nearest (ties to even).
 *
 * @returns  the tensor's own array when it is float32 already, otherwise a new one of the same length
 */
export function toFloat32(tensor: StateTensor): Float32Array {
  const { data } = tensor;
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array) return float32FromInt64(data);
  if (data instanceof Uint16Array) {
    return tensor.dtype === "bfloat16" ? float32FromBfloat16(data) : float32FromFloat16(data);
  }
  return new Float32Array(data);
}

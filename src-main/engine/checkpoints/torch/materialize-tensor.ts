// From a described tensor and its storage's bytes to contiguous data: a view where possible, else one copy.
import { damaged, quoted } from "../checkpoint-error.ts";
import { elementBytes, elementCount, type StateTensor, tensorDataFromBytes } from "../state-dict.ts";
import type { TensorRef } from "./tensor-ref.ts";

/** Bytes still to be spent on copies; expanded tensors (stride 0) are larger than their storage. */
export interface CopyAllowance {
  leftBytes: number;
}

/**
 * @param bytes  the storage, at least `ref.storage.sizeBytes` long
 * @throws       AppError `checkpoint.damaged` when the copies of strided tensors outgrow the allowance
 */
export function materializeTensor(
  fileName: string,
  tensorName: string,
  ref: TensorRef,
  bytes: Uint8Array,
  allowance: CopyAllowance,
): StateTensor {
  const { dtype, shape, offset } = ref;
  const size = elementBytes(dtype);
  const count = elementCount(shape);
  if (count === 0 || isContiguous(ref)) {
    const start = count === 0 ? 0 : offset * size;
    return { dtype, shape, data: tensorDataFromBytes(dtype, bytes.subarray(start, start + count * size)) };
  }
  if (!(count * size <= allowance.leftBytes)) {
    throw damaged(fileName, `tensor ${quoted(tensorName)} expands to ${count} elements, far more than the file holds`);
  }
  allowance.leftBytes -= count * size;
  return { dtype, shape, data: tensorDataFromBytes(dtype, gatherBytes(ref, bytes)) };
}

function isContiguous({ shape, strides }: TensorRef): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    if (size !== 1 && strides[axis] !== expected) return false; // the stride of an axis of length 1 is never used
    expected *= size;
  }
  return true;
}

/** The tensor's elements in C order, as bytes. Bits are moved as integers, so that NaN payloads survive. */
function gatherBytes(ref: TensorRef, bytes: Uint8Array): Uint8Array {
  const size = elementBytes(ref.dtype);
  const source = wordsOf(size, bytes.subarray(0, bytes.length - (bytes.length % size)));
  const gathered = new Uint8Array(elementCount(ref.shape) * size);
  // 8-byte elements move as two 4-byte words: one more axis of length 2.
  if (size === 8) {
    const shape = [...ref.shape, 2];
    const strides = [...ref.strides.map((stride) => 2 * stride), 1];
    gather(source, 2 * ref.offset, shape, strides, wordsOf(size, gathered));
  } else {
    gather(source, ref.offset, ref.shape, ref.strides, wordsOf(size, gathered));
  }
  return gathered;
}

type Words = Uint8Array | Uint16Array | Uint32Array;

function wordsOf(elementSize: number, bytes: Uint8Array): Words {
  if (elementSize === 1) return bytes;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset, byteLength } = aligned;
  if (elementSize === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

/** Copies a strided window into `out`, innermost axis in a plain loop, the outer ones counted up like digits. */
function gather(source: Words, offset: number, shape: readonly number[], strides: readonly number[], out: Words): void {
  const innerSize = shape.at(-1) ?? 1;
  const innerStride = strides.at(-1) ?? 0;
  const outerAxes = shape.length - 1;
  const index = new Array<number>(Math.max(outerAxes, 0)).fill(0);
  let rowStart = offset;
  for (let written = 0; written < out.length; ) {
    for (let i = 0; i < innerSize; i++) out[written++] = source[rowStart + i * innerStride] ?? 0;
    for (let axis = outerAxes - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      rowStart += strides[axis] ?? 0;
      index[axis] = next;
      if (next < (shape[axis] ?? 0)) break;
      rowStart -= next * (strides[axis] ?? 0);
      index[axis] = 0;
    }
  }
}

// Tensors put together of others' parts along an axis, of whatever dtype.
import { bytesOfTensor, elementBytes, elementCount, type StateTensor, tensorDataFromBytes } from "./state-dict.ts";

/** The tensors one behind the other along the first axis; they are alike but for its length. */
export function stacked(first: StateTensor, second: StateTensor): StateTensor {
  const bytes = Buffer.concat([bytesOfTensor(first), bytesOfTensor(second)]);
  const shape = first.shape.with(0, (first.shape[0] ?? 0) + (second.shape[0] ?? 0));
  return { dtype: first.dtype, shape, data: tensorDataFromBytes(first.dtype, Uint8Array.from(bytes)) };
}

/** The first entries of the first axis, copied. */
export function firstRows(tensor: StateTensor, count: number): StateTensor {
  return rowsBetween(tensor, 0, count);
}

/** The last entries of the first axis, copied. */
export function lastRows(tensor: StateTensor, count: number): StateTensor {
  const rows = tensor.shape[0] ?? 0;
  return rowsBetween(tensor, rows - count, rows);
}

function rowsBetween(tensor: StateTensor, from: number, to: number): StateTensor {
  const { dtype, shape } = tensor;
  const size = elementCount(shape.slice(1)) * elementBytes(dtype);
  const bytes = bytesOfTensor(tensor).slice(from * size, to * size);
  return { dtype, shape: shape.with(0, to - from), data: tensorDataFromBytes(dtype, bytes) };
}

/** Entry k of the first axis taken from entry order[k]. */
export function reordered(tensor: StateTensor, order: readonly number[]): StateTensor {
  return withMovedBlocks(tensor, 1, order);
}

/** The second axis cut into as many equal blocks as `order` has entries: block k taken from block order[k]. */
export function withReorderedInputs(tensor: StateTensor, order: readonly number[]): StateTensor {
  return withMovedBlocks(tensor, tensor.shape[0] ?? 1, order);
}

/** @param groups  how many times the blocks stand in a row */
function withMovedBlocks(tensor: StateTensor, groups: number, order: readonly number[]): StateTensor {
  const { dtype, shape } = tensor;
  const from = bytesOfTensor(tensor);
  const size = (elementCount(shape) / groups / order.length) * elementBytes(dtype);
  const bytes = new Uint8Array(from.length);
  for (let group = 0; group < groups; group += 1) {
    for (const [place, source] of order.entries()) {
      const start = (group * order.length + source) * size;
      bytes.set(from.subarray(start, start + size), (group * order.length + place) * size);
    }
  }
  return { dtype, shape, data: tensorDataFromBytes(dtype, bytes) };
}

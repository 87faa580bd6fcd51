// Keeps the memory of disposed tensors for the next ones of the same length, so that memory use does not wait for a garbage collection.
import type { DType, TensorData } from "../../graph/types.ts";

/** Beyond this many bytes of unused memory the longest unused is given up: sizes of images that do not come again. */
const MAX_UNUSED_BYTES = 1 << 29;

export class BufferPool {
  #unused: TensorData[] = [];

  /** An array of this many elements, its content undefined. */
  take(dtype: DType, count: number): TensorData {
    const isInteger = dtype === "int32";
    const index = this.#unused.findLastIndex(
      (data) => data.length === count && data instanceof Int32Array === isInteger,
    );
    const [known] = index < 0 ? [] : this.#unused.splice(index, 1);
    return known ?? (isInteger ? new Int32Array(count) : new Float32Array(count));
  }

  /** Takes an array back. Whoever gives it must not use it any more. */
  give(data: TensorData): void {
    this.#unused.push(data);
    let bytes = this.#unused.reduce((sum, { byteLength }) => sum + byteLength, 0);
    while (bytes > MAX_UNUSED_BYTES) bytes -= this.#unused.shift()?.byteLength ?? bytes;
  }
}

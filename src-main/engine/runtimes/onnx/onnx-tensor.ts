// Tensors of the ONNX runtime, in the machine's memory, and freed without a garbage collection.
import type { Tensor } from "onnxruntime-node";
import type { DType, Shape, TensorData } from "../../graph/types.ts";
import type { DeviceTensor } from "../runtime.ts";

/** A tensor in the machine's memory. */
export class OnnxTensor implements DeviceTensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly value: Tensor;
  readonly #isOwn: boolean;

  /** @param isOwn  whether its memory is freed with it */
  constructor(value: Tensor, isOwn: boolean) {
    this.value = value;
    this.shape = value.dims;
    this.dtype = value.type === "int32" ? "int32" : "float32";
    this.#isOwn = isOwn;
  }

  read(): Promise<TensorData> {
    return Promise.resolve(this.value.data as TensorData);
  }

  /** Frees the memory at once: left to the garbage collector, tensors of hundreds of megabytes would pile up. */
  dispose(): void {
    const { buffer, byteLength } = this.value.data as TensorData;
    // A part of a buffer, as of a file's, leaves the other parts alone.
    const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
    if (this.#isOwn && isWhole && !buffer.detached) buffer.transfer(0);
  }
}

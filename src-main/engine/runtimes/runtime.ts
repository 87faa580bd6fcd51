// What every runtime offers: tensors that live with it, and graphs compiled to programs.
import type { Graph } from "../graph/graph.ts";
import type { DType, Shape, TensorData } from "../graph/types.ts";

/** A tensor held by a runtime, where it computes. */
export interface DeviceTensor {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Its data in C order, to be used before the tensor is disposed of and not to be written into. */
  read(): Promise<TensorData>;
  dispose(): void;
}

/** Tensors by the names of graph inputs or outputs. */
export type NamedTensors = ReadonlyMap<string, DeviceTensor>;

/** A compiled graph. Its memory stays laid out, so that the second and later runs are the fast ones. */
export interface Program {
  /**
   * Computes all outputs. The caller disposes of them.
   *
   * @throws AppError `runtime.failed` when the runtime reports an error, such as too little memory
   */
  run(inputs: NamedTensors): Promise<Map<string, DeviceTensor>>;
  dispose(): Promise<void>;
}

/** What a user is told about where the numbers come from. */
export interface RuntimeDescription {
  readonly name: "onnx" | "tfjs";
  /** The execution provider or backend, such as cpu, webgpu, cuda. */
  readonly provider: string;
  readonly version: string;
  /** Threads of one operation; 0 where the runtime does not say. */
  readonly threads: number;
  /** Why it is not what was asked for, or what would be faster; empty when there is nothing to say. */
  readonly note: string;
}

export interface Runtime {
  readonly description: RuntimeDescription;
  /** @param isGivenAway  whether nobody else uses the data, so that its memory may be freed with the tensor */
  upload(data: TensorData, shape: Shape, isGivenAway?: boolean): DeviceTensor;
  compile(graph: Graph): Promise<Program>;
  dispose(): Promise<void>;
}

export function dtypeOf(data: TensorData): DType {
  return data instanceof Int32Array ? "int32" : "float32";
}

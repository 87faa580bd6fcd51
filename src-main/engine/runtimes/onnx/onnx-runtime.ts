// Runs graphs on ONNX Runtime: each graph becomes an ONNX model, each model a session.
import { InferenceSession, Tensor } from "onnxruntime-node";
import { AppError, BugError } from "../../../../src-shared/contract/errors.ts";
import type { Graph } from "../../graph/graph.ts";
import { elementCount } from "../../graph/node.ts";
import { eliminateCommonSubexpressions } from "../../graph/rewrites/eliminate-common-subexpressions.ts";
import { useWinograd } from "../../graph/rewrites/use-winograd.ts";
import type { DType, Shape, TensorData, TensorType } from "../../graph/types.ts";
import {
  type DeviceTensor,
  dtypeOf,
  type NamedTensors,
  type Program,
  type Runtime,
  type RuntimeDescription,
} from "../runtime.ts";
import { BufferPool } from "./buffer-pool.ts";
import type { OnnxProvider } from "./onnx-providers.ts";
import { outputName, writeOnnxModel } from "./write-onnx-model.ts";

/** A tensor in the machine's memory: ONNX Runtime reads and writes JavaScript's arrays in place. */
class OnnxTensor implements DeviceTensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly value: Tensor;
  readonly #pool: BufferPool | undefined;
  #isDisposed = false;

  /** @param pool  where the memory goes afterwards; none for memory that belongs to the caller */
  constructor(value: Tensor, pool?: BufferPool) {
    this.value = value;
    this.shape = value.dims;
    this.dtype = value.type === "int32" ? "int32" : "float32";
    this.#pool = pool;
  }

  read(): Promise<TensorData> {
    return Promise.resolve(this.value.data as TensorData);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#pool?.give(this.value.data as TensorData);
  }
}

class OnnxProgram implements Program {
  readonly #session: InferenceSession;
  readonly #outputs: ReadonlyMap<string, TensorType>;

  readonly #pool: BufferPool;

  constructor(session: InferenceSession, graph: Graph, pool: BufferPool) {
    this.#session = session;
    this.#outputs = graph.outputs;
    this.#pool = pool;
  }

  async run(inputs: NamedTensors): Promise<Map<string, DeviceTensor>> {
    const feeds = Object.fromEntries(this.#session.inputNames.map((name) => [name, fed(inputs, name)]));
    // Outputs are written straight into memory given to the session; without it each one would be copied afterwards.
    const fetches = Object.fromEntries(
      [...this.#outputs].map(([name, type]) => [outputName(name), this.#destination(type)]),
    );
    try {
      await this.#session.run(feeds, fetches);
      return new Map(
        [...this.#outputs.keys()].map((name) => [name, new OnnxTensor(fetched(fetches, name), this.#pool)]),
      );
    } catch (error) {
      throw new AppError("runtime.failed", runFailure(error), { cause: error });
    }
  }

  dispose(): Promise<void> {
    return this.#session.release();
  }

  #destination({ shape, dtype }: TensorType): Tensor {
    return new Tensor(dtype, this.#pool.take(dtype, elementCount(shape)), [...shape]);
  }
}

export interface OnnxRuntimeOptions {
  readonly provider: OnnxProvider;
  readonly threads: number;
  /** Writes ONNX Runtime's own profile of each session to files that begin with this path. */
  readonly profilePrefix?: string;
}

export class OnnxRuntime implements Runtime {
  readonly description: RuntimeDescription;
  readonly #options: OnnxRuntimeOptions;
  readonly #pool = new BufferPool();

  constructor(options: OnnxRuntimeOptions, version: string, note = "") {
    this.#options = options;
    this.description = { name: "onnx", provider: options.provider, version, threads: options.threads, note };
  }

  upload(data: TensorData, shape: Shape): DeviceTensor {
    return new OnnxTensor(new Tensor(dtypeOf(data), data, [...shape]));
  }

  async compile(graph: Graph): Promise<Program> {
    const isProcessor = this.#options.provider === "cpu";
    const lean = eliminateCommonSubexpressions(isProcessor ? useWinograd(graph) : graph);
    try {
      return new OnnxProgram(
        await InferenceSession.create(writeOnnxModel(lean), sessionOptions(this.#options)),
        lean,
        this.#pool,
      );
    } catch (error) {
      throw new AppError(
        "runtime.failed",
        `ONNX Runtime (${this.#options.provider}) refuses a graph: ${messageOf(error)}`,
        {
          cause: error,
        },
      );
    }
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

function sessionOptions({ provider, threads, profilePrefix }: OnnxRuntimeOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: provider === "cpu" ? ["cpu"] : [provider, "cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // ONNX Runtime's arena grows by doubling, once per session; the C library's allocator is shared by all of them.
    enableCpuMemArena: false,
    logSeverityLevel: 3,
    // Denormal numbers appear in converged networks and slow every operation down that meets them.
    extra: { session: { set_denormal_as_zero: "1" } },
    ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
  };
}

function fed(inputs: NamedTensors, name: string): Tensor {
  const tensor = inputs.get(name);
  if (tensor instanceof OnnxTensor) return tensor.value;
  throw new AppError("runtime.failed", `The graph input "${name}" was not given a tensor of this runtime.`);
}

function fetched(fetches: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const tensor = fetches[outputName(name)];
  if (tensor === undefined) throw new BugError(`ONNX Runtime was not asked for "${name}"`);
  return tensor;
}

function runFailure(error: unknown): string {
  const message = messageOf(error);
  if (/alloc|memory/i.test(message)) {
    return `There is too little memory for this image size: ${message}. Use a smaller image, or close other programs.`;
  }
  return `ONNX Runtime stopped with an error: ${message}.`;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().replace(/\.$/, "");
}

// Runs graphs on ONNX Runtime: each graph becomes an ONNX model, each model a session.
import { InferenceSession, Tensor } from "onnxruntime-node";
import { AppError, BugError } from "../../../../src-shared/contract/errors.ts";
import { type Graph, topologicalOrder } from "../../graph/graph.ts";
import { isMadeBy } from "../../graph/node.ts";
import { convFilterGradientOp } from "../../graph/ops/conv-filter-gradient.ts";
import { eliminateCommonSubexpressions } from "../../graph/rewrites/eliminate-common-subexpressions.ts";
import { rematerialize } from "../../graph/rewrites/rematerialize.ts";
import { useWinograd } from "../../graph/rewrites/use-winograd.ts";
import type { OnnxAbilities, Shape, TensorData } from "../../graph/types.ts";
import {
  type DeviceTensor,
  dtypeOf,
  type NamedTensors,
  type Program,
  type Runtime,
  type RuntimeDescription,
} from "../runtime.ts";
import type { OnnxProvider } from "./onnx-providers.ts";
import { OnnxTensor } from "./onnx-tensor.ts";
import { outputName, writeOnnxModel } from "./write-onnx-model.ts";

class OnnxProgram implements Program {
  readonly #session: InferenceSession;
  readonly #outputNames: readonly string[];

  constructor(session: InferenceSession, graph: Graph) {
    this.#session = session;
    this.#outputNames = [...graph.outputs.keys()];
  }

  async run(inputs: NamedTensors): Promise<Map<string, DeviceTensor>> {
    const feeds = Object.fromEntries(this.#session.inputNames.map((name) => [name, fed(inputs, name)]));
    try {
      const results = await this.#session.run(feeds);
      return new Map(this.#outputNames.map((name) => [name, new OnnxTensor(computed(results, name), true)]));
    } catch (error) {
      throw new AppError("runtime.failed", runFailure(error), { cause: error });
    }
  }

  dispose(): Promise<void> {
    return this.#session.release();
  }
}

export interface OnnxRuntimeOptions {
  readonly provider: OnnxProvider;
  readonly threads: number;
  /** Convolutions as they are written, without Winograd's algorithm: slower, and two digits more exact. */
  readonly isDirect?: boolean;
  /** Writes ONNX Runtime's own profile of each session to files that begin with this path. */
  readonly profilePrefix?: string;
}

export class OnnxRuntime implements Runtime {
  readonly description: RuntimeDescription;
  readonly #options: OnnxRuntimeOptions;

  constructor(options: OnnxRuntimeOptions, version: string, note = "") {
    this.#options = options;
    this.description = { name: "onnx", provider: options.provider, version, threads: options.threads, note };
  }

  upload(data: TensorData, shape: Shape, isGivenAway = false): DeviceTensor {
    return new OnnxTensor(new Tensor(dtypeOf(data), data, [...shape]), isGivenAway);
  }

  async compile(graph: Graph): Promise<Program> {
    const { provider, isDirect = false } = this.#options;
    const isProcessor = provider === "cpu";
    const frugal = isProcessor ? rematerialize(graph) : graph;
    const lean = eliminateCommonSubexpressions(isProcessor && !isDirect ? useWinograd(frugal) : frugal);
    const model = writeOnnxModel(lean, abilitiesOf(provider));
    try {
      const session = await InferenceSession.create(model, {
        ...sessionOptions(this.#options),
        ...(isProcessor && isLeftAsItIs(lean) ? { graphOptimizationLevel: "disabled" } : {}),
      });
      return new OnnxProgram(session, lean);
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

/**
 * ONNX Runtime 1.30 has no indices of max pooling on WebGPU, and fails instead of leaving the node to the processor; its layer
 * normalisation there takes mean² off the mean of squares.
 */
function abilitiesOf(provider: OnnxProvider): OnnxAbilities {
  const isWebGpu = provider === "webgpu";
  return { hasPoolIndices: !isWebGpu, hasCentredNorm: !isWebGpu, hasMicrosoftOps: true };
}

/**
 * From this many nodes on, ONNX Runtime's own passes over a graph are left out. Each of its about sixty takes longer with the
 * square of the nodes, and they find nothing to do that the rewrites have not done: an HRNet-W18's training step, 16,000
 * nodes, compiles in 5 s of processor time instead of 31, and runs as fast.
 */
const LARGE_GRAPH = 5000;

/** In a backward pass they also change the order of the nodes, which `writeOnnxModel` chooses for little memory. */
function isLeftAsItIs({ outputs }: Graph): boolean {
  const nodes = topologicalOrder([...outputs.values()]);
  return nodes.length >= LARGE_GRAPH || nodes.some((node) => isMadeBy(node, convFilterGradientOp));
}

function sessionOptions({ provider, threads, profilePrefix }: OnnxRuntimeOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: provider === "cpu" ? ["cpu"] : [provider, "cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Its arena grows by doubling, once per session, and its memory pattern wants one piece as large as everything together;
    // the C library allocator is shared by all sessions and reuses what they free.
    enableCpuMemArena: false,
    enableMemPattern: false,
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

function computed(results: InferenceSession.ReturnType, name: string): Tensor {
  const tensor = results[outputName(name)];
  if (tensor instanceof Tensor) return tensor;
  throw new BugError(`ONNX Runtime computed no tensor "${name}"`);
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

// Runs graphs on TensorFlow.js: node by node, each by its op's lowering, freeing what nobody needs any more.
import type { Tensor } from "@tensorflow/tfjs";
import { AppError, BugError } from "../../../../src-shared/contract/errors.ts";
import { type Graph, topologicalOrder } from "../../graph/graph.ts";
import { constantOp } from "../../graph/ops/constant.ts";
import { input } from "../../graph/ops/input.ts";
import { eliminateCommonSubexpressions } from "../../graph/rewrites/eliminate-common-subexpressions.ts";
import type { DType, Node, Shape, TensorData, Tfjs } from "../../graph/types.ts";
import {
  type DeviceTensor,
  dtypeOf,
  type NamedTensors,
  type Program,
  type Runtime,
  type RuntimeDescription,
} from "../runtime.ts";
import { type LoadedTfjs, loadTfjs } from "./load-tfjs.ts";

/** A tensor where TensorFlow.js keeps it. */
class TfjsTensor implements DeviceTensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly value: Tensor;

  constructor(value: Tensor) {
    this.value = value;
    this.shape = value.shape;
    this.dtype = value.dtype === "int32" ? "int32" : "float32";
  }

  async read(): Promise<TensorData> {
    return (await this.value.data()) as TensorData;
  }

  dispose(): void {
    this.value.dispose();
  }
}

/** A graph in the order of computation; constants are uploaded once. */
class TfjsProgram implements Program {
  readonly #tf: Tfjs;
  readonly #graph: Graph;
  readonly #steps: readonly Node[];
  readonly #constants: ReadonlyMap<Node, Tensor>;
  /** How often each value is asked for: once by each use as an input, and once by each output. */
  readonly #uses: ReadonlyMap<Node, number>;

  constructor(tf: Tfjs, graph: Graph) {
    const order = topologicalOrder([...graph.outputs.values()]);
    const isConstant = (node: Node) => node.op.name === constantOp.name;
    this.#tf = tf;
    this.#graph = graph;
    this.#steps = order.filter((node) => !isConstant(node) && !input.is(node));
    this.#constants = new Map(order.filter(isConstant).map((node) => [node, node.op.tfjs(tf, node, [])]));
    this.#uses = countUses([...this.#steps.flatMap(({ inputs }) => inputs), ...graph.outputs.values()]);
  }

  run(inputs: NamedTensors): Promise<Map<string, DeviceTensor>> {
    // Everything happens now, but an error belongs into the promise, as it does in runtimes that compute elsewhere.
    return new Promise((resolve) => {
      resolve(this.#compute(this.#given(inputs)));
    });
  }

  dispose(): Promise<void> {
    this.#tf.dispose([...this.#constants.values()]);
    return Promise.resolve();
  }

  /** The values that are there before the first step, and stay after the last: inputs and constants. */
  #given(inputs: NamedTensors): Map<Node, Tensor> {
    const fed = [...this.#graph.inputs].map(([name, node]): [Node, Tensor] => [node, fedTensor(inputs, name)]);
    return new Map([...this.#constants, ...fed]);
  }

  #compute(given: ReadonlyMap<Node, Tensor>): Map<string, DeviceTensor> {
    const computed = new Map<Node, Tensor>();
    const remaining = new Map(this.#uses);
    const found = (node: Node): Tensor => {
      const value = given.get(node) ?? computed.get(node);
      if (value === undefined) throw new BugError(`${node.op.name} was freed or skipped before its last use`);
      return value;
    };
    const release = (node: Node): void => {
      const left = (remaining.get(node) ?? 0) - 1;
      remaining.set(node, left);
      if (left > 0) return;
      computed.get(node)?.dispose();
      computed.delete(node);
    };
    try {
      for (const node of this.#steps) {
        computed.set(node, node.op.tfjs(this.#tf, node, node.inputs.map(found)));
        node.inputs.forEach(release);
      }
      // A clone shares the memory: two outputs may be one value, and an output may be an input.
      const results = [...this.#graph.outputs].map(([name, node]): [string, DeviceTensor] => {
        return [name, new TfjsTensor(found(node).clone())];
      });
      return new Map(results);
    } catch (error) {
      throw failure(error);
    } finally {
      this.#tf.dispose([...computed.values()]);
    }
  }
}

export class TfjsRuntime implements Runtime {
  readonly description: RuntimeDescription;
  readonly #tf: Tfjs;

  constructor({ tf, provider, version, note }: LoadedTfjs) {
    this.#tf = tf;
    this.description = { name: "tfjs", provider, version, threads: provider === "javascript" ? 1 : 0, note };
  }

  /** The runtime on the fastest TensorFlow.js there is. Throws AppError `runtime.unavailable` when none loads. */
  static async create(): Promise<TfjsRuntime> {
    return new TfjsRuntime(await loadTfjs());
  }

  upload(data: TensorData, shape: Shape): DeviceTensor {
    return new TfjsTensor(this.#tf.tensor(data, [...shape], dtypeOf(data)));
  }

  compile(graph: Graph): Promise<Program> {
    return Promise.resolve(new TfjsProgram(this.#tf, eliminateCommonSubexpressions(graph)));
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

function countUses(asked: readonly Node[]): Map<Node, number> {
  const uses = new Map<Node, number>();
  for (const node of asked) uses.set(node, (uses.get(node) ?? 0) + 1);
  return uses;
}

function fedTensor(inputs: NamedTensors, name: string): Tensor {
  const tensor = inputs.get(name);
  if (tensor instanceof TfjsTensor) return tensor.value;
  throw new AppError("runtime.failed", `The graph input "${name}" was not given a tensor of this runtime.`);
}

function failure(error: unknown): Error {
  if (error instanceof AppError || error instanceof BugError) return error;
  const message = (error instanceof Error ? error.message : String(error)).trim().replace(/\.$/, "");
  return new AppError("runtime.failed", `TensorFlow.js stopped with an error: ${message}.`, { cause: error });
}

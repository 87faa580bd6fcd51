// The programs of a training's steps: compiled once for each key, run with a network's tensors and what the step brings.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import type { Graph } from "../../graph/graph.ts";
import type { TensorData } from "../../graph/types.ts";
import type { DropoutMask } from "../../models/model-scope.ts";
import type { DeviceTensor, NamedTensors, Runtime } from "../../runtimes/runtime.ts";
import type { Network } from "../../training/network-state.ts";
import type { Optimizer } from "../../training/optimizers/optimizer.ts";
import type { Plane } from "../../training/samples/sample.ts";
import { type DropoutMasks, uploadMasks } from "./dropout-masks.ts";
import { ProgramCache } from "./program-cache.ts";

/** A program of a step, and the dropout masks that it takes, by name. */
export interface StepGraph {
  readonly graph: Graph;
  readonly masks: ReadonlyMap<string, DropoutMask>;
}

/** What a program is given; of the tensors it takes those that its inputs name. */
export interface StepInputs {
  /** On the runtime already; theirs, who gives them. */
  readonly tensors: NamedTensors;
  /** By the names of inputs; uploaded for this run alone, in the shapes that the inputs have. */
  readonly planes: Readonly<Record<string, Pick<Plane, "data">>>;
  readonly scalars?: ReadonlyMap<string, number>;
  /** Of this pass, where the network drops anything. */
  readonly masks?: DropoutMasks;
}

/** Shapes of batches hardly change in a training; its last batches may be smaller. */
const PROGRAMS_KEPT = 8;

export class StepPrograms {
  readonly #runtime: Runtime;
  readonly #programs: ProgramCache;
  readonly #graphs = new Map<string, StepGraph>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#programs = new ProgramCache(runtime, PROGRAMS_KEPT);
  }

  /** The graph of this key, built on first use. */
  graph(key: string, build: () => StepGraph): StepGraph {
    const graph = this.#graphs.get(key) ?? build();
    this.#graphs.set(key, graph);
    return graph;
  }

  /** Runs the graph of this key. @returns its outputs, the caller's to dispose of */
  async run(key: string, build: () => StepGraph, inputs: StepInputs): Promise<Map<string, DeviceTensor>> {
    const { graph, masks } = this.graph(key, build);
    const program = await this.#programs.get(key, () => graph);
    const uploaded = this.#uploaded(graph, masks, inputs);
    try {
      return new Map(await program.run(new Map([...inputs.tensors, ...uploaded])));
    } finally {
      for (const tensor of uploaded.values()) tensor.dispose();
    }
  }

  /**
   * Runs a graph on a network's tensors. New weights, running statistics and slots of the optimizer go to the network.
   *
   * @returns the other outputs, the caller's to dispose of
   */
  async runOn(
    network: Network,
    optimizer: Pick<Optimizer, "slots">,
    key: string,
    build: () => StepGraph,
    { tensors, ...inputs }: StepInputs,
  ): Promise<Map<string, DeviceTensor>> {
    const isSlot = (name: string): boolean => optimizer.slots.some((slot) => name.startsWith(`${slot}.`));
    for (const [name, { shape }] of this.graph(key, build).graph.inputs) {
      if (isSlot(name)) network.setZeros(name, shape);
    }
    const outputs = await this.run(key, build, { ...inputs, tensors: new Map([...network.tensors, ...tensors]) });
    for (const [name, tensor] of outputs) {
      if (!network.architecture.keys.has(name) && !isSlot(name)) continue;
      network.set(name, tensor);
      outputs.delete(name);
    }
    return outputs;
  }

  async dispose(): Promise<void> {
    await this.#programs.dispose();
  }

  #uploaded(
    graph: Graph,
    wanted: ReadonlyMap<string, DropoutMask>,
    { planes, scalars = new Map(), masks }: StepInputs,
  ): Map<string, DeviceTensor> {
    const uploaded = new Map<string, DeviceTensor>();
    for (const [name, { data }] of Object.entries(planes)) {
      const shape = graph.inputs.get(name)?.shape;
      if (shape !== undefined) uploaded.set(name, this.#runtime.upload(asTensorData(data), shape));
    }
    for (const [name, value] of scalars) {
      if (graph.inputs.has(name)) uploaded.set(name, this.#runtime.upload(Float32Array.of(value), []));
    }
    if (wanted.size === 0) return uploaded;
    if (masks === undefined) throw new BugError("a pass with dropout was given no masks");
    for (const [name, tensor] of uploadMasks(this.#runtime, wanted, masks, 0)) uploaded.set(name, tensor);
    return uploaded;
  }
}

function asTensorData(data: Plane["data"]): TensorData {
  return data instanceof Uint8Array ? Int32Array.from(data) : data;
}

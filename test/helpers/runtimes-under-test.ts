// The runtimes that every op is tested on, and the shortest way to run a graph on one of them.
import { env } from "onnxruntime-node";
import { graphOf } from "../../src-main/engine/graph/graph.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import type { Node, TensorData } from "../../src-main/engine/graph/types.ts";
import { OnnxRuntime } from "../../src-main/engine/runtimes/onnx/onnx-runtime.ts";
import { dtypeOf, type NamedTensors, type Runtime } from "../../src-main/engine/runtimes/runtime.ts";
import { loadTfjs } from "../../src-main/engine/runtimes/tfjs/load-tfjs.ts";
import { TfjsRuntime } from "../../src-main/engine/runtimes/tfjs/tfjs-runtime.ts";
import type { TestTensor } from "./seeded-tensors.ts";

export const onnxRuntime: Runtime = new OnnxRuntime({ provider: "cpu", threads: 1 }, env.versions.node ?? "unknown");
/** The same without Winograd's algorithm, for what was recorded with less room than that takes. */
export const directRuntime: Runtime = new OnnxRuntime(
  { provider: "cpu", threads: 1, isDirect: true },
  env.versions.node ?? "unknown",
);
/** The native TensorFlow.js where it is installed, else the one in plain JavaScript. */
export const loadedTfjs = await loadTfjs();
export const tfjsRuntime: Runtime = new TfjsRuntime(loadedTfjs);

/** Runtimes by the name that tests show. */
export const RUNTIMES: readonly (readonly [name: string, runtime: Runtime])[] = [
  ["onnx cpu", onnxRuntime],
  [`tfjs ${loadedTfjs.provider}`, tfjsRuntime],
];

/** A graph input for each tensor, named `x0`, `x1`, … in their order. */
export function inputsFor(tensors: readonly TestTensor[]): Node[] {
  return tensors.map(({ shape, data }, k) => input(`x${k}`, shape, dtypeOf(data)));
}

/** A compiled graph that takes plain data, of which it uses what its inputs name, and gives plain data back. */
export interface TestProgram {
  run(tensors: ReadonlyMap<string, TestTensor>): Promise<ReadonlyMap<string, TensorData>>;
  dispose(): Promise<void>;
}

export async function compileFor(runtime: Runtime, outputs: Readonly<Record<string, Node>>): Promise<TestProgram> {
  const graph = graphOf(outputs);
  const program = await runtime.compile(graph);
  return {
    run: async (tensors) => {
      const fed: NamedTensors = new Map(
        [...tensors]
          .filter(([name]) => graph.inputs.has(name))
          .map(([name, { data, shape }]) => [name, runtime.upload(data, shape)]),
      );
      const results = await program.run(fed);
      const read = await Promise.all(
        [...results].map(async ([name, value]) => [name, (await value.read()).slice()] as const),
      );
      for (const value of [...results.values(), ...fed.values()]) value.dispose();
      return new Map(read);
    },
    dispose: () => program.dispose(),
  };
}

/** Builds a graph over the tensors, runs it once and returns each output's data. */
export async function evaluate<Name extends string>(
  runtime: Runtime,
  tensors: readonly TestTensor[],
  build: (...inputs: Node[]) => Readonly<Record<Name, Node>>,
): Promise<Record<Name, TensorData>> {
  return evaluateNamed(runtime, numbered(tensors), build(...inputsFor(tensors)));
}

/** Runs a graph once on tensors that its inputs name. */
export async function evaluateNamed<Name extends string>(
  runtime: Runtime,
  tensors: ReadonlyMap<string, TestTensor>,
  outputs: Readonly<Record<Name, Node>>,
): Promise<Record<Name, TensorData>> {
  const program = await compileFor(runtime, outputs);
  const results = await program.run(tensors);
  await program.dispose();
  return Object.fromEntries(results) as Record<Name, TensorData>;
}

/** Tensors as data for the inputs of `inputsFor`. */
export function numbered(tensors: readonly TestTensor[]): Map<string, TestTensor> {
  return new Map(tensors.map((tensor, k) => [`x${k}`, tensor]));
}

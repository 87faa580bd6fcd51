// Passes of DA-SAC's networks apart from a training: what a step computes on the way, for comparing it.
import { elementCount } from "../../src-main/engine/graph/node.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import { resizeBilinear } from "../../src-main/engine/graph/ops/resize-bilinear.ts";
import type { Node, TensorData } from "../../src-main/engine/graph/types.ts";
import type { MasksOfPass } from "../../src-main/engine/methods/da-sac/dropout-passes.ts";
import type { StepGraph } from "../../src-main/engine/methods/shared/step-programs.ts";
import { type Architecture, forward, stageKeys } from "../../src-main/engine/models/architecture.ts";
import { GraphScope, type StatisticsSource } from "../../src-main/engine/models/model-scope.ts";
import type { Network } from "../../src-main/engine/training/network-state.ts";
import type { Plane } from "../../src-main/engine/training/samples/sample.ts";
import { directRuntime, evaluateNamed } from "./runtimes-under-test.ts";
import type { TestTensor } from "./seeded-tensors.ts";

export type Tensors = ReadonlyMap<string, TestTensor>;

/** Copies of all that a network is now. */
export async function copyOf(network: Network): Promise<Map<string, TestTensor>> {
  const copies = new Map<string, TestTensor>();
  for (const [key, tensor] of network.tensors) {
    copies.set(key, { shape: tensor.shape, data: (await tensor.read()).slice() });
  }
  return copies;
}

/** The student's enlarged logits in training mode; where the same pass is in a graph, it is computed once. */
export function trainingLogits(architecture: Architecture, image: Plane, statistics: StatisticsSource): Node {
  const [images = 0, , height = 0, width = 0] = image.shape;
  const scope = new GraphScope(architecture.normalization, { statistics, dropout: "ownLayers" });
  const { logits } = forward(architecture, scope, input("image", [images, 3, height, width]));
  return resizeBilinear(logits, [height, width], architecture.alignCorners);
}

/** Runs a program of a step, with nodes besides its own outputs. */
export function evaluatePass(
  { graph, masks }: StepGraph,
  more: Readonly<Record<string, Node>>,
  tensors: Tensors,
  planes: Readonly<Record<string, Plane>>,
  masksOf: ReturnType<MasksOfPass>,
): Promise<Record<string, TensorData>> {
  const given = new Map(tensors);
  for (const [name, { data }] of Object.entries(planes)) {
    given.set(name, { shape: graph.inputs.get(name)?.shape ?? [], data: data as TensorData });
  }
  for (const [k, [name, mask]] of [...masks].entries()) given.set(name, { shape: mask.shape, data: masksOf(k, mask) });
  return evaluateNamed(directRuntime, given, { ...Object.fromEntries(graph.outputs), ...more });
}

/** Keys of what learns, in state order. */
export function parameterKeys({ keys }: Architecture): string[] {
  return [...keys.keys()].filter((key) => /\.(weight|bias)$/.test(key));
}

/** How many numbers each of them has. */
export function sizesOf(architecture: Architecture): number[] {
  return parameterKeys(architecture).map((key) => elementCount(architecture.keys.get(key) ?? []));
}

/** Whether a parameter is of the first two stages. */
export function isInFirstStages(architecture: Architecture): (key: string) => boolean {
  const [first, second] = stageKeys(architecture);
  return (key) => first?.has(key) === true || second?.has(key) === true;
}

/** Networks have up to 134 million weights: a loop, and no copy. */
export function lengthOf(values: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] as number) ** 2;
  return Math.sqrt(squares);
}

/** One minus the other, of one key. */
export function changeOf(key: string, after: Tensors, before: Tensors): Float32Array {
  const [now, then] = [after.get(key)?.data ?? [], before.get(key)?.data ?? []];
  const change = new Float32Array(now.length);
  for (let i = 0; i < change.length; i++) change[i] = (now[i] as number) - (then[i] ?? Number.NaN);
  return change;
}

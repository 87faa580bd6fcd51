// What an imported network's values are while it is read: numbers that are known, weights, and nodes of our graph.
import { elementCount, type StateTensor, toFloat32 } from "../../checkpoints/state-dict.ts";
import { constant } from "../../graph/ops/constant.ts";
import type { Node, Shape } from "../../graph/types.ts";
import type { ModelScope } from "../model-scope.ts";

/** Numbers that follow from the file and the image's size alone; bool is 0 or 1. */
export interface Known {
  readonly kind: "known";
  readonly isFloat: boolean;
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** A tensor of the file that a training may change. */
export interface Weight {
  readonly kind: "weight";
  readonly key: string;
  readonly tensor: StateTensor;
}

export interface Live {
  readonly kind: "live";
  readonly node: Node;
}

export type Value = Known | Weight | Live;

export function known(data: ArrayLike<number>, shape: Shape, isFloat = false): Known {
  return { kind: "known", isFloat, shape, data: Float64Array.from(data) };
}

export function live(node: Node): Live {
  return { kind: "live", node };
}

export function shapeOf(value: Value): Shape {
  if (value.kind === "live") return value.node.shape;
  return value.kind === "weight" ? value.tensor.shape : value.shape;
}

/** Half and double precision are computed in float32, as everything here. */
const FLOATS: ReadonlySet<string> = new Set(["float32", "float64", "float16", "bfloat16"]);

export function isFloatTensor({ dtype }: StateTensor): boolean {
  return FLOATS.has(dtype);
}

/** Single numbers, and numbers that say where and how much, are no weights. */
export function valueOfTensor(key: string, tensor: StateTensor): Value {
  const isWeight = isFloatTensor(tensor) && elementCount(tensor.shape) > 1;
  return isWeight ? { kind: "weight", key, tensor } : knownTensor(tensor);
}

/** A tensor's numbers, for good. */
export function knownTensor(tensor: StateTensor): Known {
  const isFloat = isFloatTensor(tensor);
  const numbers = isFloat ? toFloat32(tensor) : tensor.data;
  const data = numbers instanceof BigInt64Array ? Float64Array.from(numbers, Number) : Float64Array.from(numbers);
  return { kind: "known", isFloat, shape: tensor.shape, data };
}

/** The value in our graph: a weight becomes one of the scope's parameters. */
export function nodeOf(value: Value, scope: ModelScope): Node {
  if (value.kind === "live") return value.node;
  if (value.kind === "weight") return scope.parameter(value.key, value.tensor.shape);
  const { data, shape, isFloat } = value;
  return constant(isFloat ? Float32Array.from(data) : Int32Array.from(data), shape);
}

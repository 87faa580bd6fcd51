// Linear layers and layer norms over rows of channels.
import { at } from "../graph/node.ts";
import { add } from "../graph/ops/add.ts";
import { layerNorm } from "../graph/ops/layer-norm.ts";
import { matMul } from "../graph/ops/mat-mul.ts";
import type { Node } from "../graph/types.ts";
import type { ModelScope } from "./model-scope.ts";

/** x · weightᵀ + bias, from rows [rows, inputs] to rows [rows, outputs]. */
export type Linear = (x: Node) => Node;

/** Asks for its parameters now, `KEY.weight` [outputs, inputs] and `KEY.bias`: state dicts have them in the order of asking. */
export function linear(scope: ModelScope, inputs: number, outputs: number, key: string): Linear {
  const weight = scope.parameter(`${key}.weight`, [outputs, inputs]);
  const bias = scope.parameter(`${key}.bias`, [outputs]);
  return (x) => add(matMul(x, weight, false, true), bias);
}

/** Layer normalisation over the last axis under `KEY.weight` and `KEY.bias`. @param x  float32 [..., C] */
export function normalizedRows(scope: ModelScope, x: Node, epsilon: number, key: string): Node {
  const channels = [at(x.shape, -1)];
  return layerNorm(x, scope.parameter(`${key}.weight`, channels), scope.parameter(`${key}.bias`, channels), epsilon);
}

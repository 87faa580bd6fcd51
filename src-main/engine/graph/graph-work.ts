// How much a graph computes, moves and holds: for estimates before it is run.
import { type Graph, topologicalOrder } from "./graph.ts";
import { at, elementCount, isMadeBy } from "./node.ts";
import { constantOp } from "./ops/constant.ts";
import { convOp } from "./ops/conv.ts";
import { convFilterGradientOp } from "./ops/conv-filter-gradient.ts";
import { convInputGradientOp } from "./ops/conv-input-gradient.ts";
import { inputOp } from "./ops/input.ts";
import { matMulOp } from "./ops/mat-mul.ts";
import { reshapeOp } from "./ops/reshape.ts";
import type { Node, TensorType } from "./types.ts";

export interface GraphWork {
  /** Floating-point operations of convolutions and matrix products; a multiplication and an addition are two. */
  readonly flop: number;
  /** Bytes that the other ops read and write: they are limited by memory, not by arithmetic. */
  readonly movedBytes: number;
  /** Largest sum of all results that are needed at one moment, without the graph's inputs. */
  readonly heldBytes: number;
}

const BYTES_PER_ELEMENT = 4;

export function graphWork(graph: Graph): GraphWork {
  const roots = [...graph.outputs.values()];
  const nodes = topologicalOrder(roots);
  let flop = 0;
  let movedBytes = 0;
  for (const node of nodes) {
    if (isFree(node)) continue;
    const own = flopOf(node);
    flop += own;
    if (own === 0) movedBytes += bytesOf(node) + node.inputs.reduce((sum, one) => sum + bytesOf(one), 0);
  }
  return { flop, movedBytes, heldBytes: heldBytes(nodes, roots) };
}

/** In the order of computation, each result freed behind its last use. */
function heldBytes(nodes: readonly Node[], roots: readonly Node[]): number {
  const uses = new Map<Node, number>(roots.map((root) => [root, 1]));
  for (const node of nodes) for (const one of new Set(node.inputs)) uses.set(one, (uses.get(one) ?? 0) + 1);
  let held = 0;
  let most = 0;
  for (const node of nodes) {
    if (!isFree(node)) held += bytesOf(node);
    most = Math.max(most, held);
    for (const one of new Set(node.inputs)) {
      const left = (uses.get(one) ?? 0) - 1;
      uses.set(one, left);
      if (left === 0 && !isFree(one)) held -= bytesOf(one);
    }
  }
  return most;
}

/** Nothing is computed for it. */
function isFree({ op }: Node): boolean {
  return op.name === inputOp.name || op.name === constantOp.name || op.name === reshapeOp.name;
}

/** Floating-point operations of one node; 0 for all but convolutions and matrix products. */
export function flopOf(node: Node): number {
  if (isMadeBy(node, convOp)) return flopOfConvolution(node, node.inputs[1]);
  if (isMadeBy(node, convInputGradientOp)) return flopOfConvolution(...node.inputs);
  if (isMadeBy(node, convFilterGradientOp)) return flopOfConvolution(node.inputs[1], node);
  if (isMadeBy(node, matMulOp)) {
    return 2 * elementCount(node.shape) * at(node.inputs[0].shape, node.attrs.transposeA ? -2 : -1);
  }
  return 0;
}

/** The same for both gradients as for the convolution, whose result and weight are given. */
function flopOfConvolution(output: TensorType, weight: TensorType): number {
  return (2 * elementCount(output.shape) * elementCount(weight.shape)) / at(weight.shape, 0);
}

function bytesOf(node: Node): number {
  return BYTES_PER_ELEMENT * elementCount(node.shape);
}

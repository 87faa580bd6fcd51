// Reverse-mode differentiation: extends a graph by the gradients of a scalar, and computes nothing itself.
import { BugError } from "../../../src-shared/contract/errors.ts";
import { topologicalOrder } from "./graph.ts";
import { at, elementCount, sameShape } from "./node.ts";
import { add } from "./ops/add.ts";
import { filled } from "./ops/constant.ts";
import type { Node } from "./types.ts";

/**
 * Gradients of a loss with respect to some of its inputs, as new nodes of the same shapes.
 *
 * @param loss  float32, one element
 * @param wrt   float32 nodes; one that the loss does not depend on gets zeros
 */
export function gradients(loss: Node, wrt: readonly Node[]): Node[] {
  if (elementCount(loss.shape) !== 1) throw new BugError(`the loss has ${elementCount(loss.shape)} elements, not one`);
  const order = topologicalOrder([loss]);
  const needed = dependsOn(order, new Set(wrt));
  const gradientOf = new Map<Node, Node>([[loss, filled(loss.shape, 1)]]);
  for (const node of order.toReversed()) {
    const outGrad = gradientOf.get(node);
    if (outGrad === undefined || !needed.has(node) || node.inputs.length === 0) continue;
    const inputGradients = node.op.gradient(node, outGrad);
    node.inputs.forEach((input, k) => {
      const contribution = inputGradients[k];
      if (!needed.has(input) || contribution === null || contribution === undefined) return;
      if (!sameShape(contribution.shape, input.shape)) {
        throw new BugError(
          `gradient of ${node.op.name} for input ${k}: shape ${contribution.shape} instead of ${input.shape}`,
        );
      }
      const sum = gradientOf.get(input);
      gradientOf.set(input, sum === undefined ? contribution : add(sum, contribution));
    });
  }
  return wrt.map((node) => gradientOf.get(node) ?? filled(node.shape, 0));
}

/** The gradient for the only input that has one: what tests and small helpers ask for. */
export function gradient(loss: Node, wrt: Node): Node {
  return at(gradients(loss, [wrt]), 0);
}

/** Nodes whose value depends on one of the sources. */
function dependsOn(order: readonly Node[], sources: ReadonlySet<Node>): Set<Node> {
  const needed = new Set<Node>(sources);
  for (const node of order) {
    if (node.inputs.some((input) => needed.has(input))) needed.add(node);
  }
  return needed;
}

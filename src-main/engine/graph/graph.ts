// A graph: named outputs, the inputs they reach, and the order in which to compute them.
import { BugError } from "../../../src-shared/contract/errors.ts";
import { sameShape } from "./node.ts";
import { input } from "./ops/input.ts";
import type { Node } from "./types.ts";

export interface Graph {
  /** In the order of first use. */
  readonly inputs: ReadonlyMap<string, Node>;
  readonly outputs: ReadonlyMap<string, Node>;
}

/**
 * The graph that computes the given outputs. Nodes that no output reaches are not part of it: dead code needs no pass.
 *
 * Inputs of one name and type are one input. @throws BugError when two of different types share a name
 */
export function graphOf(outputs: Readonly<Record<string, Node>>): Graph {
  const named = new Map(Object.entries(outputs));
  const inputs = new Map<string, Node>();
  for (const node of topologicalOrder([...named.values()])) {
    if (!input.is(node)) continue;
    const known = inputs.get(node.attrs.name);
    if (known !== undefined && !(sameShape(known.shape, node.shape) && known.dtype === node.dtype)) {
      throw new BugError(`two graph inputs of different types are named "${node.attrs.name}"`);
    }
    inputs.set(node.attrs.name, node);
  }
  return { inputs, outputs: named };
}

/**
 * Every node the roots reach, each after all its inputs. Iterative: a deep network would overflow the stack.
 *
 * @param inputsOf  the inputs of a node in the order in which they are gone into
 */
export function topologicalOrder(
  roots: readonly Node[],
  inputsOf: (node: Node) => readonly Node[] = ({ inputs }) => inputs,
): Node[] {
  const order: Node[] = [];
  const done = new Set<Node>();
  const stack: { node: Node; rest: Node[] }[] = [];
  const visit = (node: Node) => stack.push({ node, rest: inputsOf(node).toReversed() });
  for (const root of roots) {
    if (!done.has(root)) visit(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as { node: Node; rest: Node[] };
      const child = top.rest.pop();
      if (child !== undefined) {
        if (!done.has(child)) visit(child);
        continue;
      }
      stack.pop();
      if (done.has(top.node)) continue;
      done.add(top.node);
      order.push(top.node);
    }
  }
  return order;
}

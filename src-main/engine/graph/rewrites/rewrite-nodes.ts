// The shape of a rewrite: walk a graph in order of computation, putting something in place of each node.
import { type Graph, graphOf, topologicalOrder } from "../graph.ts";
import type { Node } from "../types.ts";

/**
 * The graph of what `replace` makes of each node.
 *
 * @param replace  gets each node with its inputs replaced already
 */
export function rewriteNodes(graph: Graph, replace: (node: Node) => Node): Graph {
  const replacement = new Map<Node, Node>();
  const replaced = (node: Node): Node => replacement.get(node) ?? node;
  for (const node of topologicalOrder([...graph.outputs.values()])) {
    const inputs = node.inputs.map(replaced);
    const isMoved = inputs.some((input, k) => input !== node.inputs[k]);
    replacement.set(node, replace(isMoved ? { ...node, inputs } : node));
  }
  return graphOf(Object.fromEntries([...graph.outputs].map(([name, node]) => [name, replaced(node)])));
}

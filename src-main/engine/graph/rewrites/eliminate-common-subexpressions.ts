// A rewrite: nodes that compute the same thing from the same inputs become one.
import { type Graph, graphOf, topologicalOrder } from "../graph.ts";
import type { Attribute, Node } from "../types.ts";

/** The same graph with each distinct computation done once. Inputs stay as they are. */
export function eliminateCommonSubexpressions(graph: Graph): Graph {
  const replacement = new Map<Node, Node>();
  const known = new Map<string, Node>();
  const numberOf = new Map<Node | ArrayBufferLike, number>();
  const numbered = (thing: Node | ArrayBufferLike): number => {
    const number = numberOf.get(thing) ?? numberOf.size;
    numberOf.set(thing, number);
    return number;
  };
  const attributeKey = (value: Attribute): string =>
    ArrayBuffer.isView(value) ? `data${numbered(value.buffer)}+${value.byteOffset}` : JSON.stringify(value);

  for (const node of topologicalOrder([...graph.outputs.values()])) {
    const inputs = node.inputs.map((input) => replacement.get(input) ?? input);
    const attributes = Object.keys(node.attrs)
      .sort()
      .map((name) => `${name}=${attributeKey(node.attrs[name] ?? "")}`);
    const key = `${node.op.name}(${inputs.map(numbered).join(",")}){${attributes.join(";")}}${node.shape}:${node.dtype}`;
    const same = known.get(key);
    if (same !== undefined) {
      replacement.set(node, same);
      continue;
    }
    const kept = inputs.every((input, k) => input === node.inputs[k]) ? node : { ...node, inputs };
    known.set(key, kept);
    replacement.set(node, kept);
  }
  return graphOf(Object.fromEntries([...graph.outputs].map(([name, node]) => [name, replacement.get(node) ?? node])));
}

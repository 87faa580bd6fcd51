// Prints a graph, one line a node, with stable names: what is read in tests, logs and bug reports.
import { type Graph, topologicalOrder } from "./graph.ts";
import type { Attribute, Node } from "./types.ts";

const LONGEST_LIST = 8;

/** One line a node: `%3 = conv(%1, %2) {dilations=[2,2]} : float32[1, 64, 8, 8]`, then the outputs. */
export function printGraph(graph: Graph): string {
  const names = new Map<Node, string>();
  const nameOf = (node: Node): string => names.get(node) ?? "?";
  const lines = topologicalOrder([...graph.outputs.values()]).map((node, k) => {
    names.set(node, `%${k}`);
    const attributes = Object.entries(node.attrs).map(([name, value]) => `${name}=${attributeText(value)}`);
    const braces = attributes.length > 0 ? ` {${attributes.join(" ")}}` : "";
    return `%${k} = ${node.op.name}(${node.inputs.map(nameOf).join(", ")})${braces} : ${node.dtype}[${node.shape.join(", ")}]`;
  });
  const outputs = [...graph.outputs].map(([name, node]) => `${name} <- ${nameOf(node)}`);
  return [...lines, ...outputs].join("\n");
}

function attributeText(value: Attribute): string {
  if (typeof value !== "object") return String(value);
  if (value.length > LONGEST_LIST) return `<${value.length} numbers>`;
  return `[${Array.from(value).join(",")}]`;
}

// A rewrite: nodes that compute the same thing from the same inputs become one.
import type { Graph } from "../graph.ts";
import type { Attribute, Node, TensorData } from "../types.ts";
import { rewriteNodes } from "./rewrite-nodes.ts";

/** The same graph with each distinct computation done once; equal constants become one. */
export function eliminateCommonSubexpressions(graph: Graph): Graph {
  const known = new Map<string, Node[]>();
  const numberOf = new Map<Node, number>();
  const numbered = (node: Node): number => {
    const number = numberOf.get(node) ?? numberOf.size;
    numberOf.set(node, number);
    return number;
  };
  return rewriteNodes(graph, (node) => {
    const inputs = node.inputs.map(numbered).join(",");
    const key = `${node.op.name}(${inputs}){${attributesKey(node)}}${node.shape}:${node.dtype}`;
    const candidates = known.get(key) ?? [];
    const same = candidates.find((candidate) => sameData(candidate, node));
    if (same === undefined) known.set(key, [...candidates, node]);
    return same ?? node;
  });
}

function attributesKey({ attrs }: Node): string {
  const names = Object.keys(attrs).sort();
  return names.map((name) => `${name}=${attributeKey(attrs[name] ?? "")}`).join(";");
}

function attributeKey(value: Attribute): string {
  return ArrayBuffer.isView(value) ? `data ${value.length} ${checksum(value)}` : JSON.stringify(value);
}

/** FNV-1a over the 32-bit words: narrows the candidates, equality decides. */
function checksum(data: TensorData): number {
  const words = new Int32Array(data.buffer, data.byteOffset, data.length);
  let hash = 0x811c9dc5;
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  return hash;
}

function sameData(a: Node, b: Node): boolean {
  const [dataA, dataB] = [a.attrs.data, b.attrs.data];
  if (dataA === dataB || !ArrayBuffer.isView(dataA) || !ArrayBuffer.isView(dataB)) return true;
  return dataA.every((value, k) => Object.is(value, dataB[k]));
}

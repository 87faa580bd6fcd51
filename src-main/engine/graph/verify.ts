// Checks a graph after a rewrite: every node's type is still what its op's rule says.
import { BugError } from "../../../src-shared/contract/errors.ts";
import { type Graph, topologicalOrder } from "./graph.ts";
import { sameShape } from "./node.ts";

/** @throws BugError naming the first node whose recorded type is not what its inputs give */
export function verifyGraph(graph: Graph): void {
  for (const node of topologicalOrder([...graph.outputs.values()])) {
    const { shape, dtype } = node.op.infer(node.attrs, node.inputs);
    if (sameShape(shape, node.shape) && dtype === node.dtype) continue;
    throw new BugError(
      `${node.op.name} is recorded as ${node.dtype}[${node.shape}], its inputs give ${dtype}[${shape}]`,
    );
  }
}

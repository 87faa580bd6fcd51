// A value that is given when the graph runs: an image, a parameter, a learning rate.
import { BugError } from "../../../../src-shared/contract/errors.ts";
import { apply, isMadeBy } from "../node.ts";
import type { DType, Node, Op, Shape } from "../types.ts";

type InputAttrs = { readonly name: string; readonly shape: Shape; readonly dtype: DType };

const fed = (): never => {
  throw new BugError("a graph input has no lowering; runtimes feed it");
};

export const inputOp: Op<InputAttrs, []> = {
  name: "input",
  infer: ({ shape, dtype }) => ({ shape, dtype }),
  gradient: () => [],
  onnx: fed,
  tfjs: fed,
};

/** A named value of a fixed type that is fed when the graph runs. */
export function input(name: string, shape: Shape, dtype: DType = "float32"): Node<InputAttrs, []> {
  return apply(inputOp, { name, shape, dtype }, []);
}

input.is = (node: Node): node is Node<InputAttrs, []> => isMadeBy(node, inputOp);

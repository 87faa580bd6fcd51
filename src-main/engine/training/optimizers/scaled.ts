// A tensor times a scalar input.
import { elementCount } from "../../graph/node.ts";
import { mul } from "../../graph/ops/mul.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import type { Node } from "../../graph/types.ts";

/**
 * factor · x. A tensor that ends in an axis of 1, as the weights of 1x1 convolutions do, is multiplied as one line of numbers:
 * ONNX Runtime would multiply it by a scalar number by number, which takes eight times as long.
 */
export function scaled(factor: Node, x: Node): Node {
  if (x.shape.at(-1) !== 1) return mul(factor, x);
  return reshape(mul(factor, reshape(x, [elementCount(x.shape)])), x.shape);
}

// Scaled dot-product attention of several heads.
import { at } from "../node.ts";
import { scalar } from "../ops/constant.ts";
import { matMul } from "../ops/mat-mul.ts";
import { mul } from "../ops/mul.ts";
import { reshape } from "../ops/reshape.ts";
import { softmax } from "../ops/softmax.ts";
import { transpose } from "../ops/transpose.ts";
import type { Node } from "../types.ts";

/**
 * For each head softmax(q · kᵀ / √d) · v, with its d = C / heads channels side by side in C.
 *
 * @param query  float32 [N, n, C]
 * @param key    float32 [N, m, C], as value
 * @returns      float32 [N, n, C]
 */
export function attention(query: Node, key: Node, value: Node, heads: number): Node {
  const scale = scalar((at(query.shape, 2) / heads) ** -0.5);
  const scores = matMul(mul(split(query, heads), scale), split(key, heads), false, true);
  return joined(matMul(softmax(scores, 3), split(value, heads)));
}

/** [N, n, C] as [N, heads, n, d]. */
function split(x: Node, heads: number): Node {
  const [images, rows, channels] = x.shape as [number, number, number];
  if (heads === 1) return reshape(x, [images, 1, rows, channels]);
  return transpose(reshape(x, [images, rows, heads, channels / heads]), [0, 2, 1, 3]);
}

/** [N, heads, n, d] as [N, n, C]. */
function joined(x: Node): Node {
  const [images, heads, rows, width] = x.shape as [number, number, number, number];
  return reshape(heads === 1 ? x : transpose(x, [0, 2, 1, 3]), [images, rows, heads * width]);
}

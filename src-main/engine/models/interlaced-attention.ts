// Interlaced sparse attention: first among pixels far apart, then among those of one square.
import { attention } from "../graph/functions/attention.ts";
import { at } from "../graph/node.ts";
import { pad } from "../graph/ops/pad.ts";
import { reshape } from "../graph/ops/reshape.ts";
import { slice } from "../graph/ops/slice.ts";
import { transpose } from "../graph/ops/transpose.ts";
import type { Node } from "../graph/types.ts";
import type { ModelScope } from "./model-scope.ts";
import { DENSE, pointConv } from "./residual-blocks.ts";
import { convModule, pointModule } from "./spatial-pyramid.ts";

/** Sides of a square, in pixels. Source: spec of EBDA, "4.4", `daformer_isa`. */
const SIDE = 8;

/** Of maps enlarged and joined: float32 [N, channels, h, w]. Source: Huang et al., "Interlaced Sparse Self-Attention" (2019). */
export function interlacedAttention(scope: ModelScope, maps: readonly Node[], channels: number, key: string): Node {
  const x = pointModule(scope, maps, channels, `${key}.in_conv`);
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const [rows, columns] = [Math.ceil(h / SIDE), Math.ceil(w / SIDE)];
  const [moreRows, moreColumns] = [rows * SIDE - h, columns * SIDE - w];
  const [above, left] = [moreRows >> 1, moreColumns >> 1];
  const padded = pad(x, [0, 0, above, left], [0, 0, moreRows - above, moreColumns - left]);
  const squares = reshape(padded, [n, c, rows, SIDE, columns, SIDE]);
  // One map for each place in a square: pixels SIDE apart.
  const far = reshape(transpose(squares, [0, 3, 5, 1, 2, 4]), [n * SIDE * SIDE, c, rows, columns]);
  const global = reshape(relation(scope, far, `${key}.global_relation`), [n, SIDE, SIDE, c, rows, columns]);
  const near = reshape(transpose(global, [0, 4, 5, 3, 1, 2]), [n * rows * columns, c, SIDE, SIDE]);
  const local = reshape(relation(scope, near, `${key}.local_relation`), [n, rows, columns, c, SIDE, SIDE]);
  const whole = reshape(transpose(local, [0, 3, 1, 4, 2, 5]), [n, c, rows * SIDE, columns * SIDE]);
  return slice(whole, [0, 0, above, left], [n, c, above + h, left + w]);
}

/** Attention of one head among all pixels of each map. */
function relation(scope: ModelScope, x: Node, key: string): Node {
  const channels = at(x.shape, 1);
  const keys = convModule(scope, x, channels, 1, DENSE, `${key}.key_project`);
  const queries = convModule(scope, x, channels, 1, DENSE, `${key}.query_project`);
  const values = pointConv(scope, x, channels, `${key}.value_project`);
  const context = attention(pixelRows(queries), pixelRows(keys), pixelRows(values), 1);
  const map = reshape(transpose(context, [0, 2, 1]), x.shape);
  return convModule(scope, map, channels, 1, DENSE, `${key}.output_project`);
}

/** [N, C, h, w] as [N, h · w, C]. */
function pixelRows(map: Node): Node {
  const [n, c, h, w] = map.shape as [number, number, number, number];
  return transpose(reshape(map, [n, c, h * w]), [0, 2, 1]);
}

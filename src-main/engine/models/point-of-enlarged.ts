// A 1x1 convolution of several maps that are enlarged to one size and joined, computed before they are enlarged.
import { at } from "../graph/node.ts";
import { add } from "../graph/ops/add.ts";
import { conv } from "../graph/ops/conv.ts";
import { resizeBilinear } from "../graph/ops/resize-bilinear.ts";
import { slice } from "../graph/ops/slice.ts";
import type { Node } from "../graph/types.ts";
import type { ModelScope } from "./model-scope.ts";

/**
 * As the convolution under `KEY.weight`, without bias, of all maps joined at the first one's size: [N, channels, h, w]. A sum
 * over channels and one over pixels may change places, and a coarse map has a fraction of the pixels: of MiT's four maps a
 * third of the work is left.
 *
 * @param maps  float32 [N, C, h, w] each, finest first
 */
export function pointOfEnlarged(scope: ModelScope, maps: readonly Node[], channels: number, key: string): Node {
  const inputs = maps.map((map) => at(map.shape, 1));
  const weight = scope.parameter(`${key}.weight`, [channels, inputs.reduce((sum, count) => sum + count, 0), 1, 1]);
  const size: [number, number] = [at(at(maps, 0).shape, 2), at(at(maps, 0).shape, 3)];
  let from = 0;
  const parts = maps.map((map, k) => {
    const to = from + at(inputs, k);
    const part = conv(map, slice(weight, [0, from, 0, 0], [channels, to, 1, 1]));
    from = to;
    return resizeBilinear(part, size, false);
  });
  return parts.reduce((sum, part) => add(sum, part));
}

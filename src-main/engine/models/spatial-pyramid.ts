// Atrous spatial pyramid pooling as mmsegmentation builds it, dense or depthwise separable, without pooling over the image.
import { at } from "../graph/node.ts";
import { concat } from "../graph/ops/concat.ts";
import { conv } from "../graph/ops/conv.ts";
import { resizeBilinear } from "../graph/ops/resize-bilinear.ts";
import type { Node } from "../graph/types.ts";
import type { ModelScope } from "./model-scope.ts";
import { pointOfEnlarged } from "./point-of-enlarged.ts";
import { convNorm, DENSE, type Spacing } from "./residual-blocks.ts";

/** Dilations of the 3x3 branches behind the 1x1 one. Source: spec of EBDA, "4.1 Forward". */
const RATES = [6, 12, 18] as const;

/** ReLU(BN(convolution)) under `KEY.conv` and `KEY.bn`. @param x  float32 [N, C, h, w] */
export function convModule(
  scope: ModelScope,
  x: Node,
  channels: number,
  kernel: 1 | 3,
  spacing: Spacing,
  key: string,
): Node {
  return scope.activate(convNorm(scope, x, channels, kernel, spacing, `${key}.conv`, `${key}.bn`));
}

/**
 * Four views at different reach, joined by a 3x3 convolution: float32 [N, channels, h, w].
 *
 * @param maps  float32 [N, C, h, w] each, finest first: enlarged to the first one's size, and joined
 */
export function spatialPyramid(
  scope: ModelScope,
  maps: readonly Node[],
  channels: number,
  isSeparable: boolean,
  key: string,
): Node {
  const branch = `${key}.aspp_modules`;
  const point = pointModule(scope, maps, channels, `${branch}.0`);
  const x = enlargedAndJoined(maps);
  const branches = RATES.map((dilation, k) => {
    const [name, spacing] = [`${branch}.${k + 1}`, { stride: 1, dilation }];
    if (!isSeparable) return convModule(scope, x, channels, 3, spacing, name);
    const spread = depthwiseModule(scope, x, dilation, `${name}.depthwise_conv`);
    return convModule(scope, spread, channels, 1, DENSE, `${name}.pointwise_conv`);
  });
  return convModule(scope, concat([point, ...branches], 1), channels, 3, DENSE, `${key}.bottleneck`);
}

/** ReLU(BN(1x1 convolution)) of maps enlarged and joined, under `KEY.conv` and `KEY.bn`. */
export function pointModule(scope: ModelScope, maps: readonly Node[], channels: number, key: string): Node {
  return scope.activate(scope.normalize(pointOfEnlarged(scope, maps, channels, `${key}.conv`), `${key}.bn`));
}

/** Maps at the first one's size, one behind the other. */
export function enlargedAndJoined(maps: readonly Node[]): Node {
  const { shape } = at(maps, 0);
  const size: [number, number] = [at(shape, 2), at(shape, 3)];
  return maps.length === 1
    ? at(maps, 0)
    : concat(
        maps.map((map) => resizeBilinear(map, size, false)),
        1,
      );
}

function depthwiseModule(scope: ModelScope, x: Node, dilation: number, key: string): Node {
  const channels = at(x.shape, 1);
  const weight = scope.parameter(`${key}.conv.weight`, [channels, 1, 3, 3]);
  const pads = [dilation, dilation, dilation, dilation] as const;
  const spread = conv(x, weight, { pads, dilations: [dilation, dilation], groups: channels });
  return scope.activate(scope.normalize(spread, `${key}.bn`));
}

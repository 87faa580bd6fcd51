// The input of networks whose backbone comes from Caffe: blue, green, red on the scale of bytes, less a mean, with no deviation.
import { channelAffine } from "../graph/ops/channel-affine.ts";
import { concat } from "../graph/ops/concat.ts";
import { constant } from "../graph/ops/constant.ts";
import { slice } from "../graph/ops/slice.ts";
import type { Node } from "../graph/types.ts";
import { CAFFE_MEAN, IMAGENET_MEAN, IMAGENET_STD } from "../pixel-statistics.ts";
import type { Architecture, Stage } from "./architecture.ts";

const BYTE = 255;
const CHANNELS = [0, 1, 2] as const;

/**
 * Makes the network's input of what all networks here are given, so that whatever opens a checkpoint need not know: x is red,
 * green, blue, ImageNet-normalised. Zeros that convolutions pad with are still the mean colour.
 */
export const caffeInput: Stage = {
  name: "input",
  apply: (_scope, [x, ...others]) => [asCaffe(x), ...others],
};

/** @param x  float32 [N, 3, H, W] */
function asCaffe(x: Node): Node {
  const reversed = concat(
    CHANNELS.toReversed().map((channel) => slice(x, [0, channel, 0, 0], x.shape.with(1, channel + 1))),
    1,
  );
  const scale = CHANNELS.map((channel) => BYTE * IMAGENET_STD[fromBack(channel)]);
  const shift = CHANNELS.map((channel) => BYTE * IMAGENET_MEAN[fromBack(channel)] - CAFFE_MEAN[channel]);
  return channelAffine(reversed, constant(Float32Array.from(scale), [3]), constant(Float32Array.from(shift), [3]));
}

function fromBack(channel: 0 | 1 | 2): 0 | 1 | 2 {
  return (2 - channel) as 0 | 1 | 2; // the same range backwards
}

/** The network from its own input on: what goes in is as `caffePixels` of `images` has it. For networks of AdaptSegNet's form. */
export function behindCaffeInput(architecture: Architecture): Architecture {
  return { ...architecture, stages: architecture.stages.filter((stage) => stage !== caffeInput) };
}

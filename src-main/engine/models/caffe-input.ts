// The input of networks whose backbone comes from Caffe: blue, green, red on the scale of bytes, less a mean, with no deviation.
import { channelAffine } from "../graph/ops/channel-affine.ts";
import { concat } from "../graph/ops/concat.ts";
import { constant } from "../graph/ops/constant.ts";
import { slice } from "../graph/ops/slice.ts";
import type { Node } from "../graph/types.ts";
import { IMAGENET_MEAN, IMAGENET_STD, type PerChannel } from "../images/normalize.ts";
import type { RgbImage } from "../images/rgb-image.ts";
import type { Architecture, Stage } from "./architecture.ts";

/** Blue, green, red. Source: spec of CROTS, "3. Data conventions". */
export const CAFFE_MEAN: PerChannel = [104.00698793, 116.66876762, 122.67891434];

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

/** The image as such input. @returns float32 [3, H, W] */
export function caffePixels({ data, width, height }: RgbImage): Float32Array {
  const plane = width * height;
  const pixels = new Float32Array(3 * plane);
  for (const channel of CHANNELS) {
    // Subtracted in single precision, as the original does: what is compared byte by byte stays equal.
    const mean = Math.fround(CAFFE_MEAN[channel]);
    for (let i = 0; i < plane; i += 1) pixels[channel * plane + i] = (data[3 * i + fromBack(channel)] as number) - mean;
  }
  return pixels;
}

/** The picture of such input, float32 [3, H, W]; values are cut off below. */
export function pictureOfCaffe(pixels: Float32Array, [height, width]: readonly [number, number]): RgbImage {
  const plane = width * height;
  const data = new Uint8ClampedArray(3 * plane);
  for (const channel of CHANNELS) {
    const mean = Math.fround(CAFFE_MEAN[channel]);
    for (let i = 0; i < plane; i += 1) data[3 * i + fromBack(channel)] = (pixels[channel * plane + i] as number) + mean;
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}

/** The network from its own input on: what goes in is as `caffePixels` has it. For networks of AdaptSegNet's form. */
export function behindCaffeInput(architecture: Architecture): Architecture {
  return { ...architecture, stages: architecture.stages.filter((stage) => stage !== caffeInput) };
}

// What a network was trained to take: how its maker turned bytes of colour into numbers.
import { channelAffine } from "../graph/ops/channel-affine.ts";
import { constant } from "../graph/ops/constant.ts";
import type { Node } from "../graph/types.ts";
import { CAFFE_MEAN, IMAGENET_MEAN, IMAGENET_STD, type PerChannel } from "../pixel-statistics.ts";
import { selectAlong } from "./onnx/select.ts";

/** (v / 255 − mean) / std for red, green, blue, then in this order of channels. */
export interface InputForm {
  readonly mean: PerChannel;
  readonly std: PerChannel;
  readonly isBgr: boolean;
}

const ZERO: PerChannel = [0, 0, 0];
const ONE: PerChannel = [1, 1, 1];
const HALF: PerChannel = [0.5, 0.5, 0.5];
const BYTE: PerChannel = [1 / 255, 1 / 255, 1 / 255];
/** By red, green, blue, in 0..1; Caffe has them the other way round and of bytes. */
const CAFFE_MEAN_RGB: PerChannel = [CAFFE_MEAN[2] / 255, CAFFE_MEAN[1] / 255, CAFFE_MEAN[0] / 255];

/** By the names that a person gives. */
export const INPUT_FORMS = {
  imagenet: { mean: IMAGENET_MEAN, std: IMAGENET_STD, isBgr: false },
  "imagenet-bgr": { mean: IMAGENET_MEAN, std: IMAGENET_STD, isBgr: true },
  "0..1": { mean: ZERO, std: ONE, isBgr: false },
  "-1..1": { mean: HALF, std: HALF, isBgr: false },
  "0..255": { mean: ZERO, std: BYTE, isBgr: false },
  "caffe-bgr": { mean: CAFFE_MEAN_RGB, std: BYTE, isBgr: true },
} as const satisfies Readonly<Record<string, InputForm>>;
export type InputFormName = keyof typeof INPUT_FORMS;

/** @param image  float32 [N, 3, H, W], normalised as ImageNet's pixels are */
export function toInputForm(image: Node, { mean, std, isBgr }: InputForm): Node {
  const scale = IMAGENET_STD.map((own, channel) => own / (std[channel] ?? 1));
  const shift = IMAGENET_MEAN.map((own, channel) => (own - (mean[channel] ?? 0)) / (std[channel] ?? 1));
  const isSame = scale.every((factor) => factor === 1) && shift.every((term) => term === 0);
  const scaled = isSame ? image : channelAffine(image, perChannel(scale), perChannel(shift));
  return isBgr ? selectAlong(scaled, 1, [2, 1, 0]) : scaled;
}

function perChannel(values: readonly number[]): Node {
  return constant(Float32Array.from(values), [values.length]);
}

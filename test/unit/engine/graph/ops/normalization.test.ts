// Batch normalisation and the per-channel affine map.
import { describe, expect, test } from "vitest";
import { channelMoments } from "../../../../../src-main/engine/graph/functions/channel-moments.ts";
import { batchNorm } from "../../../../../src-main/engine/graph/ops/batch-norm.ts";
import { channelAffine } from "../../../../../src-main/engine/graph/ops/channel-affine.ts";
import { filled } from "../../../../../src-main/engine/graph/ops/constant.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { layerNorm } from "../../../../../src-main/engine/graph/ops/layer-norm.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import { messageOf, testValues } from "../../../../helpers/expect-op.ts";
import { tensor } from "../../../../helpers/seeded-tensors.ts";

const image = tensor([1, 2, 1, 2], [1, 3, 10, 30]);
const [weight, bias] = [tensor([2], [2, 1]), tensor([2], [0.5, -1])];

describe("normalisation", () => {
  testValues("x=[1,2,1,2] with channels 1, 3 and 10, 30", [image, weight, bias], (a, b, c) => {
    const [x, scale, shift] = [a as Node, b as Node, c as Node];
    const { mean, variance } = channelMoments(x);
    return {
      "the mean of each channel": [mean, [2, 20]],
      "the biased variance of each channel": [variance, [1, 100]],
      "channelAffine scales and shifts": [channelAffine(x, scale, shift), [2.5, 6.5, 9, 29]],
      "batchNorm brings channels to bias plus or minus weight": [
        batchNorm(x, scale, shift, mean, variance, 0),
        [-1.5, 2.5, -2, 0],
      ],
      "epsilon is inside the root": [
        batchNorm(x, scale, shift, mean, variance, 3),
        [-0.5, 1.5, -1 - 10 / Math.sqrt(103), -1 + 10 / Math.sqrt(103)],
      ],
    };
  });

  testValues("moments keep their digits far from zero", [tensor([1, 1, 1, 4], [4096, 4097, 4098, 4099])], (x) => {
    const { mean, variance } = channelMoments(x as Node);
    return { mean: [mean, [4097.5]], variance: [variance, [1.25]] };
  });

  testValues("rows 1 3 and 10 30 by layer norm", [tensor([2, 2], [1, 3, 10, 30]), weight, bias], (a, b, c) => {
    const [x, scale, shift] = [a as Node, b as Node, c as Node];
    return {
      "brings each row to bias plus or minus weight": [layerNorm(x, scale, shift, 0), [-1.5, 0, -1.5, 0]],
      "epsilon is inside the root": [
        layerNorm(x, scale, shift, 3),
        [-0.5, -0.5, 0.5 - 20 / Math.sqrt(103), -1 + 10 / Math.sqrt(103)],
      ],
    };
  });

  testValues("layer norm keeps its digits far from zero", [tensor([1, 4], [4096, 4097, 4098, 4099])], (x) => {
    const [ones, zeros] = [filled([4], 1), filled([4], 0)];
    const deviation = Math.sqrt(1.25);
    return { rows: [layerNorm(x as Node, ones, zeros, 0), [-1.5, -0.5, 0.5, 1.5].map((step) => step / deviation)] };
  });

  test("messages name the op and what was found", () => {
    const [x, two, three] = [input("x", [1, 3, 2, 2]), input("two", [2]), input("three", [3])];
    expect(messageOf(() => channelAffine(x, two, three))).toBe(
      "channelAffine: scale [2] and shift [3] do not fit 3 channels.",
    );
    expect(messageOf(() => batchNorm(x, three, three, two, three, 0))).toBe(
      "batchNorm: wants weight, bias, mean and variance of 3 channels.",
    );
    expect(messageOf(() => layerNorm(input("x", [4, 3]), two, three, 0))).toBe(
      "layerNorm: weight [2] and bias [3] do not fit 3 channels.",
    );
  });
});

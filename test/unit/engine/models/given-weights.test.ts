// Starting from files: torchvision's names become the network's, whole checkpoints are taken as they are, others are refused.
import { describe, expect, it } from "vitest";
import type { StateDict, StateTensor } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import type { Architecture } from "../../../../src-main/engine/models/architecture.ts";
import { daSacNetwork } from "../../../../src-main/engine/models/da-sac-networks.ts";
import { deepLabOf, deepLabV3PlusOf } from "../../../../src-main/engine/models/detect-architecture.ts";
import { withGivenWeights } from "../../../../src-main/engine/models/given-weights.ts";
import { initialStateDict } from "../../../../src-main/engine/models/initial-state-dict.ts";
import { uniform } from "../../../helpers/seeded-tensors.ts";
import { TINY_ARCHITECTURES } from "../../../helpers/tiny-architectures.ts";

const resnet50 = deepLabOf("resnet50", 19, 8);
const SEED = 4;

/** A ResNet's file as torchvision writes it, of random weights: no counts, as in the oldest files, and a classifier. */
function resnetFile(network: Architecture, prefix: string): Map<string, StateTensor> {
  const file = new Map<string, StateTensor>();
  for (const [key, tensor] of initialStateDict(network, 0, 99)) {
    if (!key.startsWith(prefix) || /\.(alpha|num_batches_tracked)$/.test(key)) continue;
    file.set(key.slice(prefix.length).replace(".batch_norm.", "."), tensor);
  }
  return file;
}

/** torchvision's vgg16_bn: convolutions and normalisation at its places, and the classifier's three layers. */
function vggFile(width: number): Map<string, StateTensor> {
  const file = new Map<string, StateTensor>();
  const add = (key: string, shape: readonly number[]) => {
    const { data } = uniform(shape, file.size, [0.1, 1]);
    file.set(key, { dtype: "float32", shape, data: data as Float32Array });
  };
  const channels = [1, 1, 0, 2, 2, 0, 4, 4, 4, 0, 8, 8, 8, 0, 8, 8, 8, 0].map((factor) => factor * width);
  let [place, before] = [0, 3];
  for (const count of channels) {
    if (count === 0) {
      place += 1;
      continue;
    }
    add(`features.${place}.weight`, [count, before, 3, 3]);
    add(`features.${place}.bias`, [count]);
    for (const part of ["weight", "bias", "running_mean", "running_var"]) add(`features.${place + 1}.${part}`, [count]);
    [place, before] = [place + 3, count];
  }
  for (const layer of [0, 3, 6]) add(`classifier.${layer}.weight`, [4, 4]);
  return file;
}

function start(network: Architecture, stateDict: StateDict): { weights: StateDict; scratch: StateDict } {
  const scratch = initialStateDict(network, 0.1, SEED);
  return { scratch, weights: withGivenWeights(scratch, { stateDict, path: "weights.pth" }, network) };
}

describe("an ImageNet file", () => {
  it("of a Mix Transformer gives the encoder, and one that lacks a layer norm is refused", () => {
    const network = TINY_ARCHITECTURES.daformer;
    const file = resnetFile(network, "backbone.");
    file.set("head.weight", { dtype: "float32", shape: [10, 64], data: new Float32Array(640) });
    const { weights, scratch } = start(network, file);
    for (const [key, tensor] of weights) {
      const given = key.startsWith("backbone.") ? file.get(key.slice("backbone.".length)) : scratch.get(key);
      expect(tensor, key).toEqual(given);
    }
    file.delete("block3.1.norm2.bias");
    expect(() => start(network, file)).toThrow(
      '"weights.pth" holds neither ImageNet weights of mit_b0 nor a checkpoint of the same network: ' +
        '1 weights are missing or of another shape, such as "block3.1.norm2.bias"',
    );
  });

  it("gives the backbone, and the head starts from scratch", () => {
    const file = resnetFile(resnet50, "backbone.");
    const { weights, scratch } = start(resnet50, file);
    expect([...weights.keys()]).toEqual([...scratch.keys()]);
    expect(weights.get("backbone.layer3.4.conv2.weight")).toEqual(file.get("layer3.4.conv2.weight"));
    expect(weights.get("backbone.layer1.0.downsample.1.batch_norm.bias")).toEqual(
      file.get("layer1.0.downsample.1.bias"),
    );
    expect(weights.get("backbone.fc.weight")).toEqual(file.get("fc.weight"));
    expect(weights.get("cls_head.weight")).toEqual(scratch.get("cls_head.weight"));
    expect(weights.get("backbone.bn1.alpha")?.data).toEqual(Float32Array.of(0.1));
    expect(weights.get("backbone.bn1.batch_norm.num_batches_tracked")?.data).toEqual(BigInt64Array.of(0n));
  });

  it("fits a DeepLabv3+ as well, and a DeepLabv2", () => {
    const file = resnetFile(deepLabOf("resnet101", 19, 4), "backbone.");
    const v3Plus = start(deepLabV3PlusOf("resnet101", 19, 4), file);
    expect(v3Plus.weights.get("model.backbone.layer4.1.conv2.weight")).toEqual(file.get("layer4.1.conv2.weight"));
    const { weights, scratch } = start(daSacNetwork("deeplabv2_resnet101", 19, 4), file);
    expect(weights.get("model.layer4.1.conv2.weight")).toEqual(file.get("layer4.1.conv2.weight"));
    expect(weights.get("model.bn1.running_var")).toEqual(file.get("bn1.running_var"));
    expect(weights.get("model.layer5.conv2d_list.1.weight")).toEqual(scratch.get("model.layer5.conv2d_list.1.weight"));
  });

  // Without pooling 33 all later places are one less.
  it("of a VGG gives DeepLabv2 its layers behind the missing pooling, too", () => {
    const file = vggFile(4);
    const { weights, scratch } = start(daSacNetwork("deeplabv2_vgg16_bn", 19, 4), file);
    for (const [ours, theirs] of [
      ["features.0.weight", "features.0.weight"],
      ["features.31.running_mean", "features.31.running_mean"],
      ["features.33.weight", "features.34.weight"],
      ["features.40.running_var", "features.41.running_var"],
    ] as const) {
      expect(weights.get(ours), ours).toEqual(file.get(theirs));
    }
    for (const key of ["features.42.weight", "features.44.bias", "classifier.conv2d_list.0.weight"]) {
      expect(weights.get(key), key).toEqual(scratch.get(key));
    }
  });

  it("of a VGG gives FCN-8s its three blocks", () => {
    const file = vggFile(4);
    const { weights, scratch } = start(daSacNetwork("fcn_vgg16_bn", 19, 4), file);
    expect(weights.get("block1.20.bias")).toEqual(file.get("features.20.bias"));
    expect(weights.get("block2.24.weight")).toEqual(file.get("features.24.weight"));
    expect(weights.get("block3.41.running_mean")).toEqual(file.get("features.41.running_mean"));
    expect(weights.get("vgg_head.0.weight")).toEqual(scratch.get("vgg_head.0.weight"));
  });
});

describe("another file", () => {
  it("that is a whole checkpoint of the same network gives all but alphas and counts", () => {
    const checkpoint = initialStateDict(resnet50, 0.7, 5);
    const { weights } = start(resnet50, checkpoint);
    expect(weights.get("cls_head.weight")).toEqual(checkpoint.get("cls_head.weight"));
    expect(weights.get("backbone.bn1.alpha")?.data).toEqual(Float32Array.of(0.1));
  });

  it("is refused when one weight that is taken is no number", () => {
    const file = resnetFile(resnet50, "backbone.");
    const unused = { dtype: "float32", shape: [1], data: Float32Array.of(Number.NaN) } as const;
    expect(() => start(resnet50, new Map([...file, ["optimizer.state", unused]]))).not.toThrow();
    const { shape, data } = file.get("layer1.0.bn1.weight") as StateTensor; // a ResNet has it
    file.set("layer1.0.bn1.weight", { dtype: "float32", shape, data: new Float32Array(data.length).fill(Infinity) });
    expect(() => start(resnet50, file)).toThrow(expect.objectContaining({ code: "checkpoint.values" }));
  });

  it("is refused when it is of another network", () => {
    expect(() => start(daSacNetwork("fcn_vgg16_bn", 19, 8), vggFile(4))).toThrow(
      expect.objectContaining({
        code: "checkpoint.mismatch",
        message: expect.stringContaining(
          "holds neither ImageNet weights of vgg16_bn nor a checkpoint of the same network",
        ),
      }),
    );
  });
});

// Starting from files: torchvision's names become ours, whole checkpoints are taken as they are, others are refused.
import { describe, expect, it } from "vitest";
import type { StateDict, StateTensor } from "../../../../../src-main/engine/checkpoints/state-dict.ts";
import { givenWeights } from "../../../../../src-main/engine/methods/source-training/given-weights.ts";
import { initialStateDict } from "../../../../../src-main/engine/methods/source-training/initial-state-dict.ts";
import { architectureOf } from "../../../../../src-main/engine/methods/source-training/training-architecture.ts";
import type { SourceTrainingConfig } from "../../../../../src-shared/contract/training/source-training.ts";
import { tinyConfig } from "../../../../helpers/tiny-training.ts";

const bottlenecks: SourceTrainingConfig = { ...tinyConfig, backboneName: "resnet50" };

/** A file as torchvision writes it, of random weights: no counts, as in the oldest files, and a classifier. */
function imagenetFile(config: SourceTrainingConfig, prefix: string): Map<string, StateTensor> {
  const file = new Map<string, StateTensor>();
  for (const [key, tensor] of initialStateDict(architectureOf({ ...config, archType: "deeplab" }), 0, 99)) {
    if (!key.startsWith(prefix) || /\.(alpha|num_batches_tracked)$/.test(key)) continue;
    file.set(key.slice(prefix.length).replace(".batch_norm.", "."), tensor);
  }
  return file;
}

const start = (stateDict: StateDict, config: SourceTrainingConfig) =>
  givenWeights({ stateDict, path: "weights.pth" }, config);

describe("weights from a file", () => {
  it("take the backbone from torchvision's ImageNet file, and the head from scratch", () => {
    const file = imagenetFile(bottlenecks, "backbone.");
    const weights = start(file, bottlenecks);
    const scratch = initialStateDict(architectureOf(bottlenecks), 0.1, bottlenecks.seed);
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

  it("fit a DeepLabv3+ as well", () => {
    const file = imagenetFile(tinyConfig, "backbone.");
    const weights = start(file, { ...tinyConfig, archType: "deeplabv3plus" });
    expect(weights.get("model.backbone.layer4.1.conv2.weight")).toEqual(file.get("layer4.1.conv2.weight"));
  });

  it("take a whole checkpoint of the same network, all but alphas and counts", () => {
    const checkpoint = initialStateDict(architectureOf(tinyConfig), 0.7, 5);
    const weights = start(checkpoint, tinyConfig);
    expect(weights.get("cls_head.weight")).toEqual(checkpoint.get("cls_head.weight"));
    expect(weights.get("backbone.bn1.alpha")?.data).toEqual(Float32Array.of(0.1));
  });

  it("are refused when one that is taken is no number", () => {
    const file = imagenetFile(tinyConfig, "backbone.");
    const unused = { dtype: "float32", shape: [1], data: Float32Array.of(Number.NaN) } as const;
    expect(() => start(new Map([...file, ["optimizer.state", unused]]), tinyConfig)).not.toThrow();
    const { shape, data } = file.get("layer1.0.bn1.weight") as StateTensor;
    file.set("layer1.0.bn1.weight", { dtype: "float32", shape, data: new Float32Array(data.length).fill(Infinity) });
    expect(() => start(file, tinyConfig)).toThrow(expect.objectContaining({ code: "checkpoint.values" }));
  });

  it("are refused when they are of another network", () => {
    expect(() => start(imagenetFile(tinyConfig, "backbone."), bottlenecks)).toThrow(
      /^"weights\.pth" holds neither ImageNet weights of resnet50 nor a checkpoint of the same network: \d+ weights are missing or of another shape, such as "layer1\.0\.conv1\.weight"; give/,
    );
  });
});

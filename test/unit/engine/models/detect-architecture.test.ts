// Recognising architecture, backbone, classes and width by the keys and shapes of a state dict.
import { describe, expect, it } from "vitest";
import {
  deepLabOf,
  detectArchitecture,
  type KeyShapes,
} from "../../../../src-main/engine/models/detect-architecture.ts";

function shapesOf(keys: ReadonlyMap<string, readonly number[]>): Map<string, { shape: readonly number[] }> {
  return new Map([...keys].map(([key, shape]) => [key, { shape }]));
}

function named(...keys: string[]): KeyShapes {
  return new Map(keys.map((key) => [key, { shape: [1] }]));
}

describe("detectArchitecture", () => {
  it.each([
    ["resnet50", 19, 64],
    ["resnet101", 16, 64],
    ["resnet18", 19, 8],
    ["resnet18", 2, 64],
  ])("knows DeepLabv1 on %s with %i classes and width %i by its own keys", (backbone, numClasses, width) => {
    const { keys } = deepLabOf(backbone, numClasses, width);
    const found = detectArchitecture(shapesOf(keys), "a.pth");
    expect(found).toMatchObject({ arch: "deeplab", backbone, numClasses, outputStride: 8, alignCorners: true });
    expect(found.keys).toEqual(keys);
    expect(found.keys.get("backbone.conv1.weight")).toEqual([width, 3, 7, 7]);
  });

  it.each([
    ["DeepLabv3+", "model.classifier.aspp.convs.0.0.weight"],
    ["HRNet", "model.stage4.0.branches.0.0.conv1.weight"],
  ])("says that a file holds a %s, which does not run yet", (name, key) => {
    expect(() => detectArchitecture(named("model.conv1.weight", key), "street.pth")).toThrow(
      expect.objectContaining({
        code: "checkpoint.architecture",
        message: `"street.pth" holds a ${name}, which Acclimate does not run yet; DeepLabv1 checkpoints work.`,
      }),
    );
  });

  it("says what it wants and what it found when it knows nothing of it", () => {
    expect(() => detectArchitecture(named("a", "b", "c", "d"), "cats.pth")).toThrow(
      expect.objectContaining({
        code: "checkpoint.architecture",
        message:
          '"cats.pth" holds no model that Acclimate knows: it wants keys "backbone.conv1.weight" and "cls_head.weight", ' +
          'found 4 keys such as "a", "b", "c".',
      }),
    );
  });

  it("says which blocks a ResNet has that is none of the known ones", () => {
    const keys = shapesOf(deepLabOf("resnet50", 19, 64).keys);
    for (const key of [...keys.keys()]) if (key.startsWith("backbone.layer3.5.")) keys.delete(key);
    expect(() => detectArchitecture(keys, "odd.pth")).toThrow(
      expect.objectContaining({
        code: "checkpoint.architecture",
        message:
          '"odd.pth" is a DeepLabv1 on a ResNet with bottleneck blocks 3-4-5-3, which is none of resnet18, resnet50, resnet101.',
      }),
    );
  });
});

describe("deepLabOf", () => {
  it("says which backbones there are", () => {
    expect(() => deepLabOf("resnet34", 19, 64)).toThrow(
      expect.objectContaining({
        code: "checkpoint.architecture",
        message: 'There is no backbone "resnet34"; choose one of resnet18, resnet50, resnet101.',
      }),
    );
  });

  it.each([
    ["resnet50", 375],
    ["resnet101", 732],
  ])("%s has the original's %i state-dict entries, the unused classifier before the head", (backbone, count) => {
    const keys = [...deepLabOf(backbone, 19, 64).keys.keys()];
    expect(keys).toHaveLength(count);
    expect(keys.slice(-4)).toEqual(["backbone.fc.weight", "backbone.fc.bias", "cls_head.weight", "cls_head.bias"]);
  });

  it.each([
    [[1, 2], 1_444_928],
    [[1, 2, 3], 1_444_928 + 7_098_368],
  ])("frozen layers %j freeze the original's number of parameters", (layers, count) => {
    const { keys, isFrozen } = deepLabOf("resnet50", 19, 64);
    const isParameter = (key: string) => !/\.(alpha|running_mean|running_var|num_batches_tracked)$/.test(key);
    const frozen = [...keys].filter(
      ([key]) => isParameter(key) && isFrozen(key, layers) && !key.startsWith("backbone.fc."),
    );
    expect(frozen.reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b, 1), 0)).toBe(count);
    expect(isFrozen("cls_head.weight", [1, 2, 3, 4])).toBe(false);
  });
});

// Recognising architecture, backbone, classes and width by the keys and shapes of a state dict.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Architecture } from "../../../../src-main/engine/models/architecture.ts";
import { deepLabV2Vgg } from "../../../../src-main/engine/models/deeplab-v2-vgg.ts";
import {
  deepLabOf,
  deepLabV2Of,
  deepLabV3PlusOf,
  detectArchitecture,
  type KeyShapes,
} from "../../../../src-main/engine/models/detect-architecture.ts";
import { fcn8s } from "../../../../src-main/engine/models/fcn8s.ts";
import { hrnet } from "../../../../src-main/engine/models/hrnet.ts";
import { FIXTURES } from "../../../helpers/fixtures-root.ts";
import { goldenArchitecture } from "../../../helpers/golden-model.ts";
import { TINY_ARCHITECTURES } from "../../../helpers/tiny-architectures.ts";

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
    expect(found).toMatchObject({ arch: "deeplab", backbone, numClasses, coarsestStride: 8, alignCorners: true });
    expect(found.keys).toEqual(keys);
    expect(found.keys.get("backbone.conv1.weight")).toEqual([width, 3, 7, 7]);
  });

  it.each([
    ["resnet50", 19, 64],
    ["resnet101", 16, 64],
    ["resnet18", 19, 8],
  ])("knows DeepLabv3+ on %s with %i classes and width %i by its own keys", (backbone, numClasses, width) => {
    const { keys } = deepLabV3PlusOf(backbone, numClasses, width);
    const found = detectArchitecture(shapesOf(keys), "a.pth");
    expect(found).toMatchObject({ arch: "deeplabv3plus", backbone, numClasses, alignCorners: false });
    expect(found.keys).toEqual(keys);
  });

  it.each([
    ["resnet101", 19, 64],
    ["resnet50", 16, 32],
    ["resnet18", 19, 8],
  ])("knows DeepLabv2 on %s with %i classes and width %i by its own keys", (backbone, numClasses, width) => {
    const { keys } = deepLabV2Of(backbone, numClasses, width);
    const found = detectArchitecture(shapesOf(keys), "a.pth");
    expect(found).toMatchObject({
      arch: "deeplabv2",
      backbone,
      numClasses,
      alignCorners: true,
      normalization: "plain",
    });
    expect(found.keys).toEqual(keys);
    expect([...keys.keys()].filter((key) => key.endsWith(".alpha"))).toEqual([]);
  });

  it.each([
    ["deeplabv2", deepLabV2Vgg({ numClasses: 19, width: 64, headWidth: 1024 })],
    ["deeplabv2", deepLabV2Vgg({ numClasses: 16, width: 4, headWidth: 24 })],
    ["fcn8s", fcn8s({ numClasses: 19, width: 64, headWidth: 4096 })],
    ["fcn8s", fcn8s({ numClasses: 2, width: 8, headWidth: 16 })],
  ])("knows %s on a VGG-16 by its own keys: %#", (arch, { keys, numClasses }) => {
    const found = detectArchitecture(shapesOf(keys), "a.pth");
    expect(found).toMatchObject({ arch, backbone: "vgg16_bn", numClasses, layersOption: "vggLayers" });
    expect(found.keys).toEqual(keys);
  });

  it.each([
    [18, 19],
    [18, 16],
    [48, 19],
  ])("knows HRNet-W%i with %i classes by its own keys", (width, numClasses) => {
    const { keys } = hrnet({ width, stemWidth: 64, numClasses });
    const found = detectArchitecture(shapesOf(keys), "a.pth");
    const name = `hrnet${width}`;
    expect(found).toMatchObject({ arch: name, backbone: name, numClasses, alignCorners: true, coarsestStride: 32 });
    expect(found.keys).toEqual(keys);
  });

  it.each(Object.entries(TINY_ARCHITECTURES))("takes all widths of a %s from the shapes", (_, { keys }) => {
    expect(detectArchitecture(shapesOf(keys), "a.pth").keys).toEqual(keys);
  });

  it("says what it wants and what it found when it knows nothing of it", () => {
    expect(() => detectArchitecture(named("a", "b", "c", "d"), "cats.pth")).toThrow(
      expect.objectContaining({
        code: "checkpoint.architecture",
        message:
          '"cats.pth" holds no model that Acclimate knows: it wants "cls_head.weight" (DeepLabv1), ' +
          '"model.classifier.classifier.3.weight" (DeepLabv3+), ' +
          '"classifier.0.convs.0.0.weight" (torchvision\'s DeepLabv3), "classifier.4.weight" (torchvision\'s FCN), ' +
          '"model.layer5.conv2d_list.0.weight" (DeepLabv2), ' +
          `"layer5.conv2d_list.0.weight" (AdaptSegNet's DeepLabv2), ` +
          '"classifier.conv2d_list.0.weight" (DeepLabv2 on VGG-16), "score_pool3.weight" (FCN-8s), ' +
          '"model.transition1.0.0.weight" (HRNet), "backbone.block1.0.attn.q.weight" (Mix Transformer) or ' +
          '"backbone.stem.6.weight" (ResNet-V1c) among the keys; found 4 keys such as "a", "b", "c".',
      }),
    );
  });

  it.each([
    ["DeepLabv1", "backbone", deepLabOf("resnet50", 19, 64)],
    ["DeepLabv3+", "model.backbone", deepLabV3PlusOf("resnet50", 19, 64)],
  ])("says which blocks a %s has whose ResNet is none of the known ones", (name, prefix, whole) => {
    const keys = shapesOf(whole.keys);
    for (const key of [...keys.keys()]) if (key.startsWith(`${prefix}.layer3.5.`)) keys.delete(key);
    expect(() => detectArchitecture(keys, "odd.pth")).toThrow(
      expect.objectContaining({
        code: "checkpoint.architecture",
        message:
          `"odd.pth" is a ${name} on a ResNet with bottleneck blocks 3-4-5-3, ` +
          "which is none of resnet18, resnet50, resnet101.",
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
});

function isParameter(key: string): boolean {
  return !/\.(alpha|running_mean|running_var|num_batches_tracked)$/.test(key);
}

function countOf(keys: Iterable<readonly [string, readonly number[]]>): number {
  return [...keys].reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

/** Source: self-adaptation specification, "1.5 Counts". */
const COUNTS: readonly (readonly [string, Architecture, entries: number, parameters: number, statistics: number])[] = [
  ["DeepLabv1-R50", deepLabOf("resnet50", 19, 64), 375, 25_595_963, 53_120],
  ["DeepLabv1-R101, 16 classes", deepLabOf("resnet101", 16, 64), 732, 44_581_944, 105_344],
  ["DeepLabv3+-R50", deepLabV3PlusOf("resnet50", 19, 64), 429, 39_761_331, 56_800],
  ["DeepLabv3+-R50, 16 classes", deepLabV3PlusOf("resnet50", 16, 64), 429, 39_760_560, 56_800],
  ["DeepLabv3+-R101", deepLabV3PlusOf("resnet101", 19, 64), 786, 58_753_459, 109_024],
  ["HRNet-W18", hrnet({ width: 18, stemWidth: 64, numClasses: 19 }), 2145, 9_641_119, 34_476],
  ["HRNet-W18, 16 classes", hrnet({ width: 18, stemWidth: 64, numClasses: 16 }), 2145, 9_640_306, 34_476],
  ["HRNet-W48", hrnet({ width: 48, stemWidth: 64, numClasses: 19 }), 2145, 65_859_379, 85_536],
];

describe("the published architectures", () => {
  it.each(COUNTS)("%s has the original's numbers", (_, { keys }, entries, parameters, statistics) => {
    expect(keys.size).toBe(entries);
    expect(countOf([...keys].filter(([key]) => isParameter(key)))).toBe(parameters);
    expect(countOf([...keys].filter(([key]) => key.includes(".running_")))).toBe(statistics);
  });

  it.each(["deeplab-resnet50", "deeplab-resnet101", "deeplabv3plus-resnet50", "hrnet18"])(
    "%s has the original's keys and shapes, in its order",
    (name) => {
      const listing = JSON.parse(readFileSync(`${FIXTURES}models/${name}/state_dict.json`, "utf8"));
      const expected = listing.tensors.map(({ key, shape }: { key: string; shape: number[] }) => [key, shape]);
      expect([...goldenArchitecture(listing).keys]).toEqual(expected);
    },
  );
});

describe("frozen layers", () => {
  const frozenCount = ({ keys, isFrozen }: Architecture, layers: readonly number[]) =>
    countOf([...keys].filter(([key]) => isParameter(key) && !key.includes(".fc.") && isFrozen(key, layers)));

  it.each([
    ["DeepLabv1", deepLabOf("resnet50", 19, 64), "cls_head.weight"],
    ["DeepLabv3+", deepLabV3PlusOf("resnet50", 19, 64), "model.classifier.project.0.weight"],
  ])("of %s have the original's number of parameters", (_, architecture, head) => {
    expect(frozenCount(architecture, [1, 2])).toBe(1_444_928);
    expect(frozenCount(architecture, [1, 2, 3])).toBe(1_444_928 + 7_098_368);
    expect(architecture.isFrozen(head, [1, 2, 3, 4])).toBe(false);
    expect(architecture.layersOption).toBe("resnetLayers");
  });

  it("of an HRNet are transitions and the stages behind them; the stem's second half is trained", () => {
    const { keys, isFrozen, layersOption } = hrnet({ width: 18, stemWidth: 64, numClasses: 19 });
    const partsOf = (layers: readonly number[]) => {
      const frozen = [...keys.keys()].filter((key) => isFrozen(key, layers));
      return [...new Set(frozen.map((key) => key.split(".")[1]))];
    };
    expect(partsOf([1, 2])).toEqual(["conv1", "bn1", "transition1", "stage2", "transition2", "stage3"]);
    expect(partsOf([3])).toEqual(["conv1", "bn1", "transition3", "stage4"]);
    expect(partsOf([])).toEqual(["conv1", "bn1"]);
    expect(layersOption).toBe("hrnetLayers");
  });
});

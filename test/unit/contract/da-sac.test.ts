// DA-SAC's configurations: the published ones are those of the specification, and what makes no sense is refused in a sentence.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PARAMETER_META } from "../../../src-shared/contract/parameter-meta.ts";
import {
  CITYSCAPES_COLORS,
  consistencySettingsSchema,
  daSacBaselineConfigSchema,
  daSacConfigSchema,
  GTA5_COLORS,
  PUBLISHED_NETWORKS,
  type PublishedNetwork,
} from "../../../src-shared/contract/training/da-sac.ts";
import {
  DA_SAC_SOURCES,
  daSacBaselinePreset,
  daSacPreset,
  PUBLISHED_CROPS_PER_DEVICE,
} from "../../../src-shared/contract/training/da-sac-presets.ts";

describe("published recipes", () => {
  test.each(PUBLISHED_NETWORKS.flatMap((network) => DA_SAC_SOURCES.map((source) => [network, source] as const)))(
    "%s from %s",
    (network, source) => {
      const isResNet = network === "deeplabv2_resnet101";
      const common = {
        network,
        baseLr: network === "fcn_vgg16_bn" ? 5e-4 : 2.5e-4,
        weightDecay: 5e-4,
        momentum: 0.9,
        ignoredClasses: source === "synthia" ? [9, 14, 16] : [],
        sourceSize: source === "gta5" ? [1052, 1914] : null,
        sourceMean: GTA5_COLORS.mean, // of both sources, as in the original
        sourceStd: GTA5_COLORS.std,
        targetMean: CITYSCAPES_COLORS.mean,
        targetStd: CITYSCAPES_COLORS.std,
      };
      expect(daSacBaselinePreset(network, source)).toMatchObject({
        ...common,
        method: "da-sac-baseline",
        sourceBatchSize: isResNet ? 12 : 16,
        targetBatchSize: isResNet ? 8 : 2,
        numEpochs: 100,
        cropSize: [640, 640],
        sourceScale: [0.5, 2],
        sourceJitter: isResNet ? 0.5 : 0.4,
        validationBy: "crop",
      });
      expect(daSacPreset(network, source)).toMatchObject({
        ...common,
        method: "da-sac",
        sourceBatchSize: 8,
        targetImages: 2,
        copies: 4,
        numEpochs: 200,
        cropSize: [512, 1024],
        sourceScale: [0.5, 1],
        sourceJitter: 0,
        validationBy: "resize",
        targetLossWeight: isResNet ? 5 : 2,
        leastConfidence: isResNet ? 0.2 : 0.1,
        thresholdShare: 0.75,
        zoom: [0.5, 1],
        targetScale: [1, 1.1],
        targetBlur: [0.1, 2],
        targetJitter: 0.4,
        targetGray: 0.2,
        teacherMomentum: 0.99,
        teacherInterval: 100,
        priorMomentum: 0.99,
        discountScale: 1e-3,
        focalPower: 3,
        loss: "released",
        uniformShare: 0.25,
      });
      const { targetImages, copies } = daSacPreset(network, source);
      expect((targetImages * copies) % PUBLISHED_CROPS_PER_DEVICE[network]).toBe(0);
    },
  );
});

test("every parameter that the original has says under which key", () => {
  const shapes = { ...daSacBaselineConfigSchema.shape, ...daSacConfigSchema.shape };
  const keys = Object.values(shapes).flatMap(
    (schema) => PARAMETER_META.get(schema)?.original?.match(/[A-Z]+\.\w+/g) ?? [],
  );
  const wanted =
    "MODEL.ARCH VAL.IGNORE_CLASS TRAIN.BATCH_SIZE TRAIN.NUM_GROUPS TRAIN.GROUP_SIZE TRAIN.NUM_EPOCHS TRAIN.TARGET_ONLY " +
    "DATASET.CROP_SIZE DATASET.VAL_CROP DATASET.RND_BLUR DATASET.RND_GREYSCALE DATASET.RND_HFLIP DATASET.RND_JITTER " +
    "DATASET.RND_ZOOM DATASET.GUIDED_HFLIP DATASET.SRC_RND_BLUR DATASET.SRC_RND_JITTER DATASET.SCALE_FROM DATASET.SCALE_TO " +
    "DATASET.TARGET_SCALE DATASET.SAMPLE_UNIFORM_PRIOR DATASET.RENORM_SOURCE DATASET.SOURCE_MEAN DATASET.SOURCE_STD " +
    "DATASET.TARGET_MEAN DATASET.TARGET_STD MODEL.LR MODEL.LR_TARGET MODEL.MOMENTUM MODEL.WEIGHT_DECAY MODEL.STAT_MOMENTUM " +
    "MODEL.NET_MOMENTUM MODEL.NET_MOMENTUM_ITER MODEL.CONF_DISCOUNT MODEL.CONF_POOL_ON MODEL.CONF_POOL MODEL.FOCAL_P " +
    "MODEL.LOSS MODEL.RUN_CONF_UPPER MODEL.RUN_CONF_LOWER MODEL.THRESHOLD_BETA LOG.ITER_VAL";
  expect(wanted.split(" ").filter((key) => !keys.includes(key))).toEqual([]);
});

test("a default that differs between the trainings keeps its words", () => {
  const [baseline, consistency] = [daSacBaselineConfigSchema.shape.numEpochs, daSacConfigSchema.shape.numEpochs];
  expect(PARAMETER_META.get(consistency)).toEqual(PARAMETER_META.get(baseline));
});

test("the consistency core's settings are part of the step's", () => {
  const defaults = consistencySettingsSchema.parse({});
  expect(daSacConfigSchema.parse({})).toMatchObject(defaults);
});

describe("what makes no sense is refused", () => {
  test.each([
    [{ copies: 1 }, "consistency needs at least 2 crops of an image"],
    [{ cropsPerDevice: 3 }, "the crops of a step do not divide among devices that hold so many each"],
    [{ zoom: [1, 0.5] }, "the zoom: the first number is at most the second"],
    [{ targetScale: [0.5, 1] }, "the target's scale is 1 or more"],
    [{ thresholdShare: 1.5 }, "the threshold is between 0 and 1"],
    [{ teacherMomentum: 1 }, "the teacher's momentum is at least 0 and below 1"],
    [{ targetStd: [0.1, 0, 0.1] }, "a standard deviation is above 0"],
  ])("%j", (given, message) => {
    expect(daSacConfigSchema.safeParse(given).error?.issues[0]?.message).toBe(message);
  });
});

describe("docs/da-sac.md", () => {
  const text = (value: unknown): string => {
    if (value === null || value === undefined) return "–";
    if (typeof value === "boolean") return value ? "yes" : "no";
    return Array.isArray(value) ? value.join(", ") || "none" : String(value);
  };
  const ofNetworks = (
    recipe: (network: PublishedNetwork) => Readonly<Record<string, unknown>>,
    key: string,
  ): string => {
    const values = PUBLISHED_NETWORKS.map((network) => text(recipe(network)[key]));
    return new Set(values).size === 1 ? (values[0] ?? "") : values.join(" / ");
  };

  test("has a row for every parameter, with its key and the published values of all networks", () => {
    const shapes = { ...daSacBaselineConfigSchema.shape, ...daSacConfigSchema.shape };
    const rows = Object.entries(shapes)
      .filter(([key]) => !["method", "network", "seed", "numClasses"].includes(key))
      .map(([key, schema]) => {
        const meta = PARAMETER_META.get(schema);
        const baseline = ofNetworks((network) => daSacBaselinePreset(network, "gta5"), key);
        const consistency = ofNetworks((network) => daSacPreset(network, "gta5"), key);
        return `| ${meta?.title} | \`${key}\` | ${meta?.original ?? ""} | ${baseline} | ${consistency} |`;
      });
    const page = readFileSync(new URL("../../../docs/da-sac.md", import.meta.url), "utf8");
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });
});

// The parameters of DA-SAC's two trainings, the baseline and the consistency step, with the published recipe of the
// DeepLabv2-ResNet-101 as defaults; da-sac-presets.ts has the other networks. Source: spec "9. Configuration".
import { z } from "zod";
import { PARAMETER_META, type ParameterMeta } from "../parameter-meta.ts";
import { loopShape, MODEL, OPTIMISATION, VALIDATION } from "./loop-config.ts";

/** In place of a file of importance weights: what the weights to begin with predict is counted before the first step. */
export const COUNTED = "count";

const SOURCE_IMAGES = "Source images";
const TARGET_IMAGES = "Target images";
const PSEUDO_LABELS = "Teacher and pseudo-labels";

/** As the original's MODEL.ARCH. */
export const PUBLISHED_NETWORKS = ["deeplabv2_resnet101", "deeplabv2_vgg16_bn", "fcn_vgg16_bn"] as const;
export type PublishedNetwork = (typeof PUBLISHED_NETWORKS)[number];
/** The smaller ones are for trying out; the original has none. */
export const DA_SAC_NETWORKS = [...PUBLISHED_NETWORKS, "deeplabv2_resnet50", "deeplabv2_resnet18"] as const;
export type DaSacNetwork = (typeof DA_SAC_NETWORKS)[number];

/** Mean and standard deviation of red, green and blue, 0..1. */
export interface DataColors {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}
/** The original's constants. Source: spec "2.1 Normalisation". */
export const GTA5_COLORS: DataColors = { mean: [0.481, 0.479, 0.465], std: [0.243, 0.239, 0.237] };
export const CITYSCAPES_COLORS: DataColors = { mean: [0.3, 0.344, 0.297], std: [0.175, 0.18, 0.177] };
/** A commented-out alternative of the original: its SYNTHIA runs use GTA5's. */
export const SYNTHIA_COLORS: DataColors = { mean: [0.315, 0.278, 0.248], std: [0.225, 0.214, 0.21] };

function described<S extends z.ZodType>(schema: S, meta: ParameterMeta): S {
  PARAMETER_META.add(schema, meta);
  return schema;
}

/** The same parameter where another value is usual. */
function withDefault<S extends z.ZodType>(parameter: z.ZodDefault<S>, value: z.util.NoUndefined<z.output<S>>) {
  const meta = PARAMETER_META.get(parameter);
  const changed = parameter.unwrap().default(value as never);
  return meta === undefined ? changed : described(changed, meta);
}

const wholeFrom1 = (what: string) => z.int(`${what} is a whole number`).min(1, `${what} is 1 or more`);
const share = (what: string) => z.number().min(0, `${what} is between 0 and 1`).max(1, `${what} is between 0 and 1`);
const decay = (what: string) =>
  z.number().min(0, `${what} is at least 0 and below 1`).lt(1, `${what} is at least 0 and below 1`);
const risingRange = (what: string) =>
  z
    .tuple([z.number().positive(`${what} is above 0`), z.number().positive(`${what} is above 0`)])
    .refine(([least, most]) => least <= most, `${what}: the first number is at most the second`);
const size = z.tuple(
  [z.int().min(8, "crops are 8 pixels or more"), z.int().min(8, "crops are 8 pixels or more")],
  "give two whole numbers, height and width",
);
const channels = z.tuple([z.number(), z.number(), z.number()], "give three numbers: red, green, blue");
const deviations = channels.refine((std) => std.every((value) => value > 0), "a standard deviation is above 0");
const isRenormalized: ParameterMeta["isUsedWith"] = ({ renormalizeSource }) => renormalizeSource === true;

/** What both trainings have. */
const sharedShape = {
  network: described(z.enum(DA_SAC_NETWORKS).default("deeplabv2_resnet101"), {
    title: "Network",
    group: MODEL,
    original: "MODEL.ARCH",
    choices: {
      deeplabv2_resnet101: "DeepLabv2, ResNet-101",
      deeplabv2_vgg16_bn: "DeepLabv2, VGG-16 with batch normalisation",
      fcn_vgg16_bn: "FCN-8s, VGG-16 with batch normalisation",
      deeplabv2_resnet50: "DeepLabv2, ResNet-50",
      deeplabv2_resnet18: "DeepLabv2, ResNet-18",
    },
  }),
  width: described(z.int("the width is a whole number").min(4, "the width is 4 or more").max(256).default(64), {
    title: "Stem width",
    description: "Channels of the first layer, all others in proportion; the published networks have 64",
    group: MODEL,
    range: { min: 4, max: 256, step: 8 },
  }),
  numClasses: described(
    z.int("the number of classes is whole").min(2, "give at least 2 classes").max(255).default(19),
    {
      title: "Classes",
      description: "Those of Cityscapes, with SYNTHIA too",
      group: MODEL,
      range: { min: 2, max: 255, step: 1 },
    },
  ),
  /** Neither averaged in the mean IoU nor sampled by importance; the network predicts them all the same. */
  ignoredClasses: described(z.array(z.int().nonnegative("classes are 0 or more")).default([]), {
    title: "Ignored classes",
    group: MODEL,
    description: "Left out of the mean IoU, and of importance sampling: 9, 14 and 16 with SYNTHIA, which lacks them",
    original: "VAL.IGNORE_CLASS",
  }),
  sourceBatchSize: described(wholeFrom1("the batch size").default(12), {
    title: "Source images per step",
    group: OPTIMISATION,
    original: "TRAIN.BATCH_SIZE",
    range: { min: 1, max: 256, step: 1 },
  }),
  numEpochs: described(wholeFrom1("the number of epochs").default(100), {
    title: "Epochs",
    group: OPTIMISATION,
    description: "An epoch is as long as the source has batches",
    original: "TRAIN.NUM_EPOCHS",
    range: { min: 1, max: 100_000, step: 1 },
  }),
  baseLr: described(z.number().nonnegative("the learning rate is 0 or more").default(2.5e-4), {
    title: "Learning rate",
    group: OPTIMISATION,
    short: "lr",
    description: "Constant; twice as large for biases, ten times for new layers, twenty times for their biases",
    original: "MODEL.LR",
    range: { min: 0, max: 1, step: 0.0001 },
    isLogarithmic: true,
  }),
  momentum: described(decay("momentum").default(0.9), {
    title: "Momentum",
    group: OPTIMISATION,
    original: "MODEL.MOMENTUM",
    range: { min: 0, max: 0.999, step: 0.1 },
  }),
  weightDecay: described(z.number().nonnegative("weight decay is 0 or more").default(5e-4), {
    title: "Weight decay",
    group: OPTIMISATION,
    description: "Of weights, not of biases",
    original: "MODEL.WEIGHT_DECAY",
    range: { min: 0, max: 1, step: 0.0001 },
  }),
  /** Height and width. */
  cropSize: described(size.default([640, 640]), {
    title: "Crop",
    ends: ["Crop height", "Crop width"],
    joinedBy: " × ",
    range: { min: 8, max: 8192, step: 32 },
    group: SOURCE_IMAGES,
    description: "Height and width of the network's input in pixels",
    original: "DATASET.CROP_SIZE",
  }),
  /** Height and width that source images first get: GTA5's files differ by a few pixels. */
  sourceSize: described(size.nullable().default(null), {
    title: "Source size",
    whenNull: "its own",
    ends: ["Source height", "Source width"],
    joinedBy: " × ",
    range: { min: 8, max: 8192, step: 1 },
    group: SOURCE_IMAGES,
    description: "Height and width that every source image first gets",
  }),
  sourceScale: described(risingRange("the scale").default([0.5, 2]), {
    title: "Source scale",
    ends: ["Least source scale", "Most source scale"],
    joinedBy: " to ",
    range: { min: 0.01, max: 16, step: 0.1 },
    group: SOURCE_IMAGES,
    description: "Source images are resized by a factor between these two",
    original: "DATASET.SCALE_FROM, DATASET.SCALE_TO",
  }),
  mirrored: described(z.boolean().default(true), {
    title: "Mirrored images",
    group: SOURCE_IMAGES,
    description: "Every second image is mirrored",
    original: "DATASET.RND_HFLIP",
  }),
  /** The original switches it by SRC_RND_JITTER and takes its strength from RND_JITTER. */
  sourceJitter: described(z.number().min(0, "jitter is 0 or more").max(1, "jitter is at most 1").default(0.5), {
    title: "Source colours",
    group: SOURCE_IMAGES,
    description: "How far brightness, contrast, saturation and hue of every second image move; 0: not at all",
    original: "DATASET.RND_JITTER where DATASET.SRC_RND_JITTER is above 0",
    range: { min: 0, max: 1, step: 0.1 },
  }),
  sourceBlur: described(z.boolean().default(false), {
    title: "Source blur",
    group: SOURCE_IMAGES,
    description: "Every second source image is blurred by a pixel",
    original: "DATASET.SRC_RND_BLUR",
  }),
  renormalizeSource: described(z.boolean().default(true), {
    title: "Source in the target's colours",
    group: SOURCE_IMAGES,
    description: "Mean and spread of the source's colours are moved onto the target's",
    original: "DATASET.RENORM_SOURCE",
  }),
  sourceMean: described(channels.default([...GTA5_COLORS.mean]), {
    title: "Source mean",
    description: "Red, green and blue of the source's mean colour, 0 to 1",
    group: SOURCE_IMAGES,
    original: "DATASET.SOURCE_MEAN",
    isUsedWith: isRenormalized,
  }),
  sourceStd: described(deviations.default([...GTA5_COLORS.std]), {
    title: "Source spread",
    description: "Standard deviation of red, green and blue in the source",
    group: SOURCE_IMAGES,
    original: "DATASET.SOURCE_STD",
    isUsedWith: isRenormalized,
  }),
  targetMean: described(channels.default([...CITYSCAPES_COLORS.mean]), {
    title: "Target mean",
    description: "Red, green and blue of the target's mean colour, 0 to 1",
    group: SOURCE_IMAGES,
    original: "DATASET.TARGET_MEAN",
    isUsedWith: isRenormalized,
  }),
  targetStd: described(deviations.default([...CITYSCAPES_COLORS.std]), {
    title: "Target spread",
    description: "Standard deviation of red, green and blue in the target",
    group: SOURCE_IMAGES,
    original: "DATASET.TARGET_STD",
    isUsedWith: isRenormalized,
  }),
  validationBy: described(z.enum(["crop", "resize"]).default("crop"), {
    title: "Validation images",
    group: VALIDATION,
    original: "DATASET.VAL_CROP",
    choices: { crop: "their middle", resize: "resized to the crop" },
  }),
  validationStep: described(wholeFrom1("the number of epochs").default(2), {
    title: "Validation every",
    group: VALIDATION,
    description: "Epochs between validations",
    original: "LOG.ITER_VAL",
    range: { min: 1, max: 1000, step: 1 },
  }),
  /** The original validates before the first epoch of a run never, and then before every second one. */
  validationStart: withDefault(loopShape.validationStart, 0),
  previewStep: loopShape.previewStep,
  saveStep: loopShape.saveStep,
  seed: described(z.int("the seed is a whole number").nonnegative("the seed is 0 or more").default(0), {
    title: "Seed",
    description: "Of new layers, order of the images, augmentation and dropout",
    group: OPTIMISATION,
    range: { min: 0, max: Number.MAX_SAFE_INTEGER, step: 1 },
  }),
};

/** Step 1: source training with batch normalisation that also sees the target. Source: spec "5. Step 1". */
export const daSacBaselineConfigSchema = z.object({
  method: z.literal("da-sac-baseline").default("da-sac-baseline"),
  ...sharedShape,
  /** The target passes change the running statistics only. */
  targetBatchSize: described(wholeFrom1("the batch size").default(8), {
    title: "Target images per step",
    group: OPTIMISATION,
    description: "They pass without labels, for the statistics of batch normalisation",
    original: "TRAIN.NUM_GROUPS",
    range: { min: 1, max: 256, step: 1 },
  }),
});
export type DaSacBaselineConfig = z.infer<typeof daSacBaselineConfigSchema>;

/** What sample-based thresholds, fusion and the loss ask for. Source: spec "7.6" to "7.9". */
const consistencyShape = {
  pool: described(z.enum(["average", "min-entropy", "off"]).default("average"), {
    title: "Fusion of crops",
    group: PSEUDO_LABELS,
    original: "MODEL.CONF_POOL, MODEL.CONF_POOL_ON",
    choices: { average: "mean of what covers a pixel", "min-entropy": "the surest crop", off: "none" },
  }),
  priorMomentum: described(decay("the prior's momentum").default(0.99), {
    title: "Momentum of the class prior",
    group: PSEUDO_LABELS,
    original: "MODEL.STAT_MOMENTUM",
    range: { min: 0, max: 0.9999, step: 0.01 },
  }),
  thresholdShare: described(share("the threshold").default(0.75), {
    title: "Threshold",
    group: PSEUDO_LABELS,
    description: "Share of a class's largest confidence in the crop that a pixel must exceed to get a pseudo-label",
    original: "MODEL.RUN_CONF_UPPER",
    range: { min: 0, max: 1, step: 0.05 },
  }),
  leastConfidence: described(share("the least confidence").default(0.2), {
    title: "Least confidence",
    group: PSEUDO_LABELS,
    description: "No pixel below gets a pseudo-label",
    original: "MODEL.RUN_CONF_LOWER",
    range: { min: 0, max: 1, step: 0.05 },
  }),
  discount: described(z.boolean().default(true), {
    title: "Discount for rare classes",
    group: PSEUDO_LABELS,
    description: "Classes that are rarely predicted get lower thresholds",
    original: "MODEL.CONF_DISCOUNT",
  }),
  discountScale: described(z.number().positive("the scale of the discount is above 0").default(1e-3), {
    title: "Scale of the discount",
    group: PSEUDO_LABELS,
    description: "Class prior below which the threshold falls; also what the prior starts from",
    original: "MODEL.THRESHOLD_BETA",
    range: { min: 1e-6, max: 1, step: 0.001 },
    isLogarithmic: true,
  }),
  focalPower: described(z.int("the focal power is a whole number").min(0).max(16).default(3), {
    title: "Focal power",
    group: PSEUDO_LABELS,
    description: "How much less frequent classes weigh than rare ones",
    original: "MODEL.FOCAL_P",
    range: { min: 0, max: 16, step: 1 },
  }),
  loss: described(z.enum(["released", "paper", "focal"]).default("released"), {
    title: "Target loss",
    group: PSEUDO_LABELS,
    original: "MODEL.LOSS",
    choices: {
      released: "as the released program computes it: confidence averaged over the crops",
      paper: "as in the paper: each crop's own confidence",
      focal: "without confidence",
    },
  }),
};
export const consistencySettingsSchema = z.object(consistencyShape);
export type ConsistencySettings = z.infer<typeof consistencySettingsSchema>;

/** Step 3: augmentation consistency. Source: spec "7. Step 3". */
export const daSacConfigSchema = z
  .object({
    method: z.literal("da-sac").default("da-sac"),
    ...sharedShape,
    sourceBatchSize: withDefault(sharedShape.sourceBatchSize, 8),
    numEpochs: withDefault(sharedShape.numEpochs, 200),
    cropSize: withDefault(sharedShape.cropSize, [512, 1024]),
    sourceScale: withDefault(sharedShape.sourceScale, [0.5, 1]),
    sourceJitter: withDefault(sharedShape.sourceJitter, 0),
    validationBy: withDefault(sharedShape.validationBy, "resize"),
    targetImages: described(wholeFrom1("the number of target images").default(2), {
      title: "Target images per step",
      group: OPTIMISATION,
      original: "TRAIN.NUM_GROUPS",
      range: { min: 1, max: 64, step: 1 },
    }),
    copies: described(
      z.int("the number of crops is whole").min(2, "consistency needs at least 2 crops of an image").default(4),
      {
        title: "Crops of a target image",
        group: OPTIMISATION,
        original: "TRAIN.GROUP_SIZE",
        range: { min: 2, max: 16, step: 1 },
      },
    ),
    /** Of the devices that the released models were trained on. Source: spec "7.10". */
    cropsPerDevice: described(wholeFrom1("the number of crops").nullable().default(null), {
      title: "Crops per device",
      whenNull: "one device",
      range: { min: 1, max: 256, step: 1 },
      group: OPTIMISATION,
      description: "Prior, thresholds and loss as on several devices that hold so many crops each; none: one device",
    }),
    targetOnly: described(z.boolean().default(false), {
      title: "Target alone",
      group: OPTIMISATION,
      description: "Steps without source images",
      original: "TRAIN.TARGET_ONLY",
    }),
    targetLossWeight: described(z.number().nonnegative("the weight of a loss is 0 or more").default(5), {
      title: "Weight of the target loss",
      group: OPTIMISATION,
      original: "MODEL.LR_TARGET",
      range: { min: 0, max: 100, step: 0.5 },
    }),
    teacherMomentum: described(decay("the teacher's momentum").default(0.99), {
      title: "Momentum of the teacher",
      group: PSEUDO_LABELS,
      original: "MODEL.NET_MOMENTUM",
      range: { min: 0, max: 0.9999, step: 0.01 },
    }),
    teacherInterval: described(wholeFrom1("the number of steps").default(100), {
      title: "Teacher follows every",
      group: PSEUDO_LABELS,
      description: "Steps between its updates, counted from the start of an epoch",
      original: "MODEL.NET_MOMENTUM_ITER",
      range: { min: 1, max: 100_000, step: 1 },
    }),
    ...consistencyShape,
    targetScale: described(
      risingRange("the target's scale")
        .refine(([least]) => least >= 1, "the target's scale is 1 or more")
        .default([1, 1.1]),
      {
        title: "Target scale",
        ends: ["Least target scale", "Most target scale"],
        joinedBy: " to ",
        range: { min: 1, max: 16, step: 0.1 },
        group: TARGET_IMAGES,
        description: "Target images are enlarged by a factor between these two",
        original: "DATASET.TARGET_SCALE",
      },
    ),
    guidedFlip: described(z.boolean().default(true), {
      title: "Mirrored crops",
      group: TARGET_IMAGES,
      description: "Every second crop is mirrored; fusion knows",
      original: "DATASET.GUIDED_HFLIP",
    }),
    /** Equal ends: no zoom. */
    zoom: described(risingRange("the zoom").default([0.5, 1]), {
      title: "Zoom",
      ends: ["Least zoom", "Most zoom"],
      joinedBy: " to ",
      range: { min: 0.01, max: 16, step: 0.1 },
      group: TARGET_IMAGES,
      description: "Part of the frame's width that a crop covers, but for the first, which is the whole frame",
      original: "DATASET.RND_ZOOM",
    }),
    /** Radii in pixels. */
    targetBlur: described(risingRange("the blur's radius").nullable().default([0.1, 2]), {
      title: "Target blur",
      whenNull: "none",
      ends: ["Least target blur", "Most target blur"],
      joinedBy: " to ",
      range: { min: 0.01, max: 20, step: 0.1 },
      group: TARGET_IMAGES,
      description: "Every crop of the student is blurred by a radius between these two",
      original: "DATASET.RND_BLUR",
    }),
    targetJitter: described(z.number().min(0, "jitter is 0 or more").max(1, "jitter is at most 1").default(0.4), {
      title: "Target colours",
      group: TARGET_IMAGES,
      description: "How far the colours of every second of the student's crops move; 0: not at all",
      original: "DATASET.RND_JITTER",
      range: { min: 0, max: 1, step: 0.1 },
    }),
    targetGray: described(share("the share of grey crops").default(0.2), {
      title: "Grey crops",
      group: TARGET_IMAGES,
      description: "Share of the student's crops without colours",
      original: "DATASET.RND_GREYSCALE",
      range: { min: 0, max: 1, step: 0.1 },
    }),
    uniformShare: described(share("the uniform share").default(0.25), {
      title: "Uniform sampling",
      group: TARGET_IMAGES,
      description: "Share of target images drawn alike; the others are drawn by their importance weights",
      original: "DATASET.SAMPLE_UNIFORM_PRIOR",
      range: { min: 0, max: 1, step: 0.05 },
    }),
  })
  .refine(
    ({ targetImages, copies, cropsPerDevice }) =>
      cropsPerDevice === null || (targetImages * copies) % cropsPerDevice === 0,
    { path: ["cropsPerDevice"], message: "the crops of a step do not divide among devices that hold so many each" },
  );
export type DaSacConfig = z.infer<typeof daSacConfigSchema>;

/** Of its parameters those that importance weights are read by. */
export const weightsSettingsSchema = z.object({
  numClasses: daSacConfigSchema.shape.numClasses,
  uniformShare: daSacConfigSchema.shape.uniformShare,
  ignoredClasses: daSacConfigSchema.shape.ignoredClasses,
});

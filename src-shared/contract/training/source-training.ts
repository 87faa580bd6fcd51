// The parameters of source training, under the original program's names, with the published recipe as defaults. What people
// read of each is registered with its schema.
import { z } from "zod";
import { PARAMETER_META, type ParameterMeta } from "../parameter-meta.ts";
import { loopShape, MODEL, OPTIMISATION, VALIDATION } from "./loop-config.ts";

const range = z
  .tuple([z.number().nonnegative(), z.number().nonnegative()], "give two numbers that are 0 or more")
  .refine(([least, most]) => least <= most, "the first number is at most the second");

const probability = z.number().min(0, "a probability is 0 to 1").max(1, "a probability is 0 to 1");
const PROBABILITY = { min: 0, max: 1, step: 0.1 };

const AUGMENTATION = "Crops and augmentation";

/** How training images are changed at random. Source: spec "3. Source training", augmentation. */
export const augmentationConfigSchema = z.object({
  cropArea: range
    .refine(([least, most]) => least > 0 && most <= 1, "a crop covers more than 0 and at most 1 of the image's area")
    .default([0.08, 1])
    .register(PARAMETER_META, {
      title: "Area",
      ends: ["Least area", "Most area"],
      joinedBy: " to ",
      description: "Share of the image's area that a crop covers, at least and at most",
      group: AUGMENTATION,
      range: { min: 0.01, max: 1, step: 0.05 },
    }),
  flip: probability.default(0.5).register(PARAMETER_META, {
    title: "Flip",
    description: "Probability of mirroring",
    group: AUGMENTATION,
    range: PROBABILITY,
  }),
  blurRadius: range.default([0.1, 2]).register(PARAMETER_META, {
    title: "Blur",
    ends: ["Least blur", "Most blur"],
    joinedBy: " to ",
    description: "Every image is blurred, by a radius in this range, in pixels of the crop",
    group: AUGMENTATION,
    range: { min: 0, max: 20, step: 0.1 },
  }),
  jitter: probability.default(0.5).register(PARAMETER_META, {
    title: "Colour jitter",
    description: "Probability of changed colours",
    group: AUGMENTATION,
    range: PROBABILITY,
  }),
  gray: probability.default(0.1).register(PARAMETER_META, {
    title: "Grey",
    description: "Probability of no colours",
    group: AUGMENTATION,
    range: PROBABILITY,
  }),
});
export type AugmentationConfig = z.infer<typeof augmentationConfigSchema>;

/** Heads on a Mix Transformer: their normalisation is plain, so that there is no alpha. */
const TRANSFORMERS = ["daformer", "daformer_conv1", "daformer_aspp", "daformer_isa", "segformer"] as const;
export const ARCH_TYPES = ["deeplab", "deeplabv3plus", "hrnet18", "hrnet48", ...TRANSFORMERS] as const;
export const OPTIMIZERS = ["sgd", "adamw"] as const;
export const LR_SCHEDULERS = ["poly", "constant"] as const;

const isConvolutional: ParameterMeta["isUsedWith"] = ({ archType }) =>
  !TRANSFORMERS.some((transformer) => transformer === archType);

/** Training on labelled images. Source: spec "3. Source training" and "5. Command-line flags". */
export const sourceTrainingConfigSchema = z.object({
  method: z.literal("source-training").default("source-training"),
  archType: z.enum(ARCH_TYPES).default("deeplab").register(PARAMETER_META, {
    title: "Architecture",
    description: "The network",
    group: MODEL,
  }),
  backboneName: z
    .string()
    .default("resnet50")
    .register(PARAMETER_META, {
      title: "Backbone",
      description: "A ResNet of DeepLab, a Mix Transformer of DAFormer and SegFormer",
      group: MODEL,
      choices: {
        resnet18: "ResNet-18",
        resnet50: "ResNet-50",
        resnet101: "ResNet-101",
        mit_b0: "MiT-B0",
        mit_b1: "MiT-B1",
        mit_b2: "MiT-B2",
        mit_b3: "MiT-B3",
        mit_b4: "MiT-B4",
        mit_b5: "MiT-B5",
      },
      isUsedWith: ({ archType }) => !String(archType).startsWith("hrnet"),
    }),
  width: z
    .int("the width is a whole number")
    .min(4, "the width is 4 or more")
    .max(256)
    .default(64)
    .register(PARAMETER_META, {
      title: "Stem width",
      description: "Channels of the stem, all others in proportion; the published models have 64",
      group: MODEL,
      range: { min: 4, max: 256, step: 8 },
      isUsedWith: isConvolutional,
    }),
  numClasses: loopShape.numClasses,
  dropout: z.boolean().default(false).register(PARAMETER_META, {
    // Source: spec "1.7 MC-Dropout variant".
    title: "Dropout",
    description: "Dropout behind every ReLU",
    group: MODEL,
  }),
  alpha: z
    .number()
    .min(0, "alpha is between 0 and 1")
    .max(1, "alpha is between 0 and 1")
    .nullable()
    .default(null)
    .register(PARAMETER_META, {
      title: "Alpha",
      description: "The one alpha to validate with and to write; training itself uses none",
      group: VALIDATION,
      range: { min: 0, max: 1, step: 0.1 },
      whenNull: "a grid",
      isUsedWith: isConvolutional,
    }),
  numAlphas: z
    .int("the number of alphas is whole")
    .min(1, "give at least one alpha")
    .max(101, "a grid has at most 101 alphas")
    .default(11)
    .register(PARAMETER_META, {
      title: "Alphas in the grid",
      description: "How many alphas to validate with, from 0 to 1",
      group: VALIDATION,
      range: { min: 1, max: 101, step: 1 },
      isUsedWith: (config) => config.alpha === null && isConvolutional(config),
    }),
  baseLr: loopShape.baseLr,
  optimizer: z
    .enum(OPTIMIZERS)
    .default("sgd")
    .register(PARAMETER_META, {
      title: "Optimizer",
      description:
        "AdamW is what transformers are trained with; its learning rates are about a thousandth of the other's",
      group: OPTIMISATION,
      choices: { sgd: "SGD", adamw: "AdamW" },
    }),
  warmupSteps: z
    .int("the number of steps is whole")
    .min(0, "the number of steps is 0 or more")
    .default(0)
    .register(PARAMETER_META, {
      title: "Warm-up",
      description: "Steps over which the learning rate rises",
      group: OPTIMISATION,
      range: { min: 0, max: 100_000, step: 100 },
    }),
  momentum: z
    .number()
    .min(0, "momentum is at least 0 and below 1")
    .lt(1, "momentum is at least 0 and below 1")
    .default(0.9)
    .register(PARAMETER_META, {
      title: "Momentum",
      description: "Of stochastic gradient descent",
      group: OPTIMISATION,
      range: { min: 0, max: 0.999, step: 0.1 },
      isUsedWith: ({ optimizer }) => optimizer !== "adamw",
    }),
  weightDecay: z
    .number()
    .nonnegative("weight decay is 0 or more")
    .default(1e-4)
    .register(PARAMETER_META, {
      title: "Weight decay",
      description: "Of all weights; with AdamW not of layer norms",
      group: OPTIMISATION,
      range: { min: 0, max: 1, step: 0.0001 },
    }),
  lrScheduler: z
    .enum(LR_SCHEDULERS)
    .default("poly")
    .register(PARAMETER_META, {
      title: "Schedule",
      description: "How the learning rate falls",
      group: OPTIMISATION,
      choices: { poly: "Polynomial", constant: "Constant" },
    }),
  auxWeight: z
    .number()
    .nonnegative("the weight of a loss is 0 or more")
    .default(0)
    .register(PARAMETER_META, {
      // Source: PSPNet (CVPR 2017), section 3.3, with 0.4.
      title: "Auxiliary loss",
      description: "Weight of the loss on layer3's features, 0: without; PSPNet has 0.4",
      group: OPTIMISATION,
      range: { min: 0, max: 10, step: 0.1 },
    }),
  ema: z
    .number()
    .min(0, "the decay is at least 0 and below 1")
    .lt(1, "the decay is at least 0 and below 1")
    .default(0)
    .register(PARAMETER_META, {
      title: "Moving average",
      description: "Decay of the moving average of the weights that is validated and written, 0: without",
      group: OPTIMISATION,
      range: { min: 0, max: 0.99999, step: 0.001 },
    }),
  numEpochs: loopShape.numEpochs,
  batchSize: z
    .int("the batch size is whole")
    .min(1, "the batch size is 1 or more")
    .default(4)
    .register(PARAMETER_META, {
      title: "Batch size",
      description: "Images whose gradients make one step",
      group: OPTIMISATION,
      range: { min: 1, max: 1024, step: 1 },
    }),
  microBatchSize: z
    .int("the batch size is whole")
    .min(1, "the batch size is 1 or more")
    .nullable()
    .default(null)
    .register(PARAMETER_META, {
      title: "At once",
      description: "How many of a batch pass through the network at once; fewer take less memory",
      group: OPTIMISATION,
      range: { min: 1, max: 1024, step: 1 },
      whenNull: "all",
    }),
  cropSize: z
    .tuple(
      [z.int().min(32, "crops are 32 or more"), z.int().min(32, "crops are 32 or more")],
      "give two whole numbers, height and width",
    )
    .default([512, 512])
    .register(PARAMETER_META, {
      title: "Crops",
      ends: ["Crop height", "Crop width"],
      joinedBy: " × ",
      description: "Height and width of a training image, in pixels",
      group: AUGMENTATION,
      range: { min: 32, max: 4096, step: 32 },
    }),
  validationStart: loopShape.validationStart,
  validationStep: loopShape.validationStep,
  previewStep: loopShape.previewStep,
  saveStep: loopShape.saveStep,
  seed: loopShape.seed,
  augmentation: augmentationConfigSchema.prefault({}),
});
export type SourceTrainingConfig = z.infer<typeof sourceTrainingConfigSchema>;

// The parameters of source training, under the original program's names, with the published recipe as defaults.
import { z } from "zod";

const range = z
  .tuple([z.number().nonnegative(), z.number().nonnegative()], "give two numbers that are 0 or more")
  .refine(([least, most]) => least <= most, "the first number is at most the second");

const probability = z.number().min(0, "a probability is 0 to 1").max(1, "a probability is 0 to 1");

/** How training images are changed at random. Source: spec "3. Source training", augmentation. */
export const augmentationConfigSchema = z.object({
  /** Share of the image's area that a crop covers. */
  cropArea: range
    .refine(([least, most]) => least > 0 && most <= 1, "a crop covers more than 0 and at most 1 of the image's area")
    .default([0.08, 1]),
  flip: probability.default(0.5),
  /** Every image is blurred, by a radius in this range, in pixels of the crop. */
  blurRadius: range.default([0.1, 2]),
  jitter: probability.default(0.5),
  gray: probability.default(0.1),
});
export type AugmentationConfig = z.infer<typeof augmentationConfigSchema>;

export const ARCH_TYPES = ["deeplab", "deeplabv3plus", "hrnet18", "hrnet48"] as const;
export const LR_SCHEDULERS = ["poly", "constant"] as const;

/** Training on labelled images. Source: spec "3. Source training" and "5. Command-line flags". */
export const trainingConfigSchema = z.object({
  archType: z.enum(ARCH_TYPES).default("deeplab"),
  /** Of the two DeepLabs. */
  backboneName: z.string().default("resnet50"),
  /** Channels of the stem; the published models have 64. */
  width: z.int("the width is a whole number").min(4, "the width is 4 or more").max(256).default(64),
  numClasses: z.int("the number of classes is whole").min(2, "give at least 2 classes").max(255).default(19),
  /** Dropout behind every ReLU. Source: spec "1.7 MC-Dropout variant". */
  dropout: z.boolean().default(false),
  /** The one alpha to validate with and to write into checkpoints; null: a grid of them. Training itself uses none. */
  alpha: z.number().min(0, "alpha is between 0 and 1").max(1, "alpha is between 0 and 1").nullable().default(null),
  /** Size of the grid from 0 to 1. */
  numAlphas: z
    .int("the number of alphas is whole")
    .min(1, "give at least one alpha")
    .max(101, "a grid has at most 101 alphas")
    .default(11),
  baseLr: z.number().nonnegative("the learning rate is 0 or more").default(0.005),
  momentum: z
    .number()
    .min(0, "momentum is at least 0 and below 1")
    .lt(1, "momentum is at least 0 and below 1")
    .default(0.9),
  weightDecay: z.number().nonnegative("weight decay is 0 or more").default(1e-4),
  lrScheduler: z.enum(LR_SCHEDULERS).default("poly"),
  /** Weight of the auxiliary loss on layer3's features; 0: without. Source: PSPNet (CVPR 2017), section 3.3, with 0.4. */
  auxWeight: z.number().nonnegative("the weight of a loss is 0 or more").default(0),
  /** Decay of the moving average of the weights that is validated and written; 0: without. */
  ema: z.number().min(0, "the decay is at least 0 and below 1").lt(1, "the decay is at least 0 and below 1").default(0),
  numEpochs: z.int("the number of epochs is whole").min(1, "give at least one epoch").default(50),
  /** Images whose gradients make one step. */
  batchSize: z.int("the batch size is whole").min(1, "the batch size is 1 or more").default(4),
  /** How many of them pass through the network at once; null: all. */
  microBatchSize: z.int("the batch size is whole").min(1, "the batch size is 1 or more").nullable().default(null),
  /** Height and width of the network's input, in pixels. */
  cropSize: z
    .tuple(
      [z.int().min(32, "crops are 32 or more"), z.int().min(32, "crops are 32 or more")],
      "give two whole numbers, height and width",
    )
    .default([512, 512]),
  /** First epoch, from 0, after which the validation images are predicted. */
  validationStart: z.int().nonnegative().default(40),
  /** From there on, every so many epochs. */
  validationStep: z.int().min(1).default(1),
  /** A prediction of one image to look at, every so many steps; 0: none. */
  previewStep: z.int("the number of steps is whole").nonnegative("the number of steps is 0 or more").default(0),
  /** What is needed to go on after a crash is kept every so many steps; 0: after epochs only. */
  saveStep: z.int("the number of steps is whole").nonnegative("the number of steps is 0 or more").default(500),
  /** Of the initial weights, the order of the images, the augmentation and dropout. */
  seed: z.int("the seed is a whole number").nonnegative("the seed is 0 or more").default(0),
  augmentation: augmentationConfigSchema.prefault({}),
});
export type TrainingConfig = z.infer<typeof trainingConfigSchema>;

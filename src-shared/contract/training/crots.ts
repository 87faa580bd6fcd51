// The parameters of CROTS's two trainings: stage 1 on pseudo-labels (module `baseline`) and stage 2 on mixed images and hard
// patches (`smhm`; without patches `spatial_mix`). Defaults are the released code's, also where the paper says otherwise.
// Source: spec of CROTS, "11. Optimiser", "13. Command line".
import { z } from "zod";
import { PARAMETER_META } from "../parameter-meta.ts";
import { loopShape, MODEL, OPTIMISATION, VALIDATION } from "./loop-config.ts";

const IMAGES = "Target images";
const MIXING = "Spatial mixing";
const COLOURS = "Colours of mixed images";
const TEACHER = "Teacher and losses";

/** The published one; the smaller ones are for trying out. */
export const CROTS_NETWORKS = ["deeplabv2_resnet101", "deeplabv2_resnet50", "deeplabv2_resnet18"] as const;
export type CrotsNetwork = (typeof CROTS_NETWORKS)[number];

/** Which classes the mean IoU is of that chooses the best epoch. */
export const CROTS_MEANS = ["all", "16", "13", "13-released"] as const;
export type CrotsMean = (typeof CROTS_MEANS)[number];

const share = (what: string) => z.number().min(0, `${what} is between 0 and 1`).max(1, `${what} is between 0 and 1`);
const side = z.int("sides are whole numbers").min(32, "images are 32 pixels or more");
const SHARE_RANGE = { min: 0, max: 1, step: 0.05 };

const sharedShape = {
  network: z
    .enum(CROTS_NETWORKS)
    .default("deeplabv2_resnet101")
    .register(PARAMETER_META, {
      title: "Network",
      group: MODEL,
      choices: {
        deeplabv2_resnet101: "DeepLabv2, ResNet-101",
        deeplabv2_resnet50: "DeepLabv2, ResNet-50",
        deeplabv2_resnet18: "DeepLabv2, ResNet-18",
      },
    }),
  width: z
    .int("the width is a whole number")
    .min(4, "the width is 4 or more")
    .max(256)
    .default(64)
    .register(PARAMETER_META, {
      title: "Stem width",
      description: "Channels of the first layer, all others in proportion; the published network has 64",
      group: MODEL,
      range: { min: 4, max: 256, step: 8 },
    }),
  numClasses: loopShape.numClasses,
  /** Height and width that all images are resized to; the original's is built in. */
  cropSize: z
    .tuple([side, side], "give two whole numbers, height and width")
    .default([512, 1024])
    .register(PARAMETER_META, {
      title: "Image size",
      ends: ["Image height", "Image width"],
      joinedBy: " × ",
      range: { min: 32, max: 8192, step: 32 },
      group: IMAGES,
      description: "Height and width that whole images are resized to; there are no crops",
    }),
  numEpochs: z
    .int("the number of epochs is whole")
    .min(1, "give at least one epoch")
    .default(10)
    .register(PARAMETER_META, {
      title: "Epochs",
      description: "The original says none: it runs until somebody stops it",
      group: OPTIMISATION,
      range: { min: 1, max: 10_000, step: 1 },
    }),
  cosinePeriod: z
    .int("the number of epochs is whole")
    .min(1, "the number of epochs is 1 or more")
    .default(10)
    .register(PARAMETER_META, {
      title: "Epochs to rate 0",
      description: "The learning rate falls to 0 along a cosine over so many epochs, and rises again",
      group: OPTIMISATION,
      range: { min: 1, max: 10_000, step: 1 },
    }),
  scoredClasses: z
    .enum(CROTS_MEANS)
    .default("all")
    .register(PARAMETER_META, {
      title: "Scored classes",
      description: "Which classes the mean IoU is of that chooses the best epoch",
      group: VALIDATION,
      choices: {
        all: "all that occur",
        "16": "16 of SYNTHIA: without 9, 14, 16",
        "13": "13 of SYNTHIA: without 3, 4, 5, too",
        "13-released": "the original's Mean-13: without 4, 5, 6 instead",
      },
    }),
  validationStart: loopShape.validationStart
    .unwrap()
    .default(0)
    .register(PARAMETER_META, {
      title: "From epoch",
      description: "First epoch, counted from 0, after which the validation images are predicted",
      group: VALIDATION,
      range: { min: 0, max: 10_000, step: 1 },
    }),
  validationStep: loopShape.validationStep,
  previewStep: loopShape.previewStep,
  saveStep: loopShape.saveStep,
  seed: loopShape.seed,
  rareClasses: z
    .enum(["synthia", "gta5"])
    .default("synthia")
    .register(PARAMETER_META, {
      title: "Rare classes",
      description: "What patches are cut for where the run cuts them itself; SYNTHIA's is active in the released code",
      group: IMAGES,
      choices: {
        synthia: "6, 7, 12, 17, 18 (SYNTHIA)",
        gta5: "6, 7, 12, 16, 17, 18 (GTA5)",
      },
    }),
};

const learningRate = (value: number) =>
  z
    .number()
    .nonnegative("the learning rate is 0 or more")
    .default(value)
    .register(PARAMETER_META, {
      title: "Learning rate",
      description: "Of Adam, in the first epoch",
      group: OPTIMISATION,
      short: "lr",
      original: "--lr",
      range: { min: 0, max: 1, step: 0.00001 },
      isLogarithmic: true,
    });

const batchSize = (least: 1 | 2) =>
  z
    .int("the batch size is a whole number")
    .min(
      least,
      least === 1 ? "a batch has at least 1 image" : "images are mixed with others of the batch: take at least 2",
    )
    .default(4)
    .register(PARAMETER_META, {
      title: "Images per step",
      group: OPTIMISATION,
      range: { min: least, max: 256, step: 1 },
    });

/** Stage 1: cross-entropy on the pseudo-labels. Source: spec "6. Step 2". */
export const crotsBaselineConfigSchema = z.object({
  method: z.literal("crots-baseline").default("crots-baseline"),
  ...sharedShape,
  trainBatchSize: batchSize(1),
  baseLr: learningRate(1e-4),
});
export type CrotsBaselineConfig = z.infer<typeof crotsBaselineConfigSchema>;

/** Stage 2: mixed images by a moving teacher, and hard patches. Source: spec "9. Step 5". */
export const crotsConfigSchema = z.object({
  method: z.literal("crots").default("crots"),
  ...sharedShape,
  trainBatchSize: batchSize(2),
  baseLr: learningRate(1e-5),
  positionBeta: z
    .number()
    .nonnegative("beta is 0 or more")
    .default(0.25)
    .register(PARAMETER_META, {
      title: "Position beta",
      description:
        "Where the four quadrants meet: the smaller, the nearer to a border; 1: anywhere alike, 0: in the centre. Without patches the original has 0.5",
      group: MIXING,
      range: { min: 0, max: 10, step: 0.05 },
    }),
  hardWeight: z
    .number()
    .nonnegative("the weight of a loss is 0 or more")
    .default(0.1)
    .register(PARAMETER_META, {
      title: "Weight of hard patches",
      description: "Of their cross-entropy",
      group: TEACHER,
      range: { min: 0, max: 10, step: 0.05 },
    }),
  teacherMomentum: z
    .number()
    .min(0, "the momentum is at least 0 and below 1")
    .lt(1, "the momentum is at least 0 and below 1")
    .default(0.99)
    .register(PARAMETER_META, {
      title: "Momentum of the teacher",
      description: "At the most; in step t it is 1 − 1/(t + 1)",
      group: TEACHER,
      range: { min: 0, max: 0.9999, step: 0.01 },
    }),
  teacherMoves: z
    .enum(["before", "after"])
    .default("before")
    .register(PARAMETER_META, {
      title: "Teacher moves",
      description: "The original moves it towards the student as it was before the step's update",
      group: TEACHER,
      choices: { before: "before the update", after: "after the update" },
    }),
  teacherStatistics: z
    .enum(["batch", "running"])
    .default("batch")
    .register(PARAMETER_META, {
      title: "Teacher normalises by",
      description: "The original leaves it in training mode",
      group: TEACHER,
      choices: { batch: "the batch", running: "running statistics" },
    }),
  confidenceOf: z
    .enum(["logits", "probabilities"])
    .default("logits")
    .register(PARAMETER_META, {
      title: "Confidence of",
      description: "What is compared with the threshold: the original takes raw logits, so that nearly all pixels pass",
      group: TEACHER,
      choices: { logits: "logits", probabilities: "probabilities" },
    }),
  confidenceThreshold: z
    .number()
    .default(0.968)
    .register(PARAMETER_META, {
      title: "Threshold",
      description: "The loss of mixed images is weighted by the share of pixels that reach it",
      group: TEACHER,
      range: { min: 0, max: 20, step: 0.01 },
    }),
  jitterShare: share("the share of jittered batches").default(0.8).register(PARAMETER_META, {
    title: "Jittered batches",
    description: "Share of the steps in which colours change",
    group: COLOURS,
    range: SHARE_RANGE,
  }),
  jitterStrength: share("the strength of the jitter")
    .max(0.5, "the strength of the jitter is at most 0.5")
    .default(0.25)
    .register(PARAMETER_META, {
      title: "Strength",
      description: "How far brightness, contrast, saturation and hue move",
      group: COLOURS,
      range: { min: 0, max: 0.5, step: 0.05 },
    }),
  blurShare: share("the share of blurred batches").default(0.5).register(PARAMETER_META, {
    title: "Blurred batches",
    description: "Share of the steps in which mixed images are blurred",
    group: COLOURS,
    range: SHARE_RANGE,
  }),
  kornia: z
    .enum(["0.5.8", "0.6.4"])
    .default("0.6.4")
    .register(PARAMETER_META, {
      title: "Jitter as in",
      description: "The original pins no version, and 0.6.4 changed what the numbers mean",
      group: COLOURS,
      choices: { "0.5.8": "kornia up to 0.6.3", "0.6.4": "kornia from 0.6.4 on" },
    }),
});
export type CrotsConfig = z.infer<typeof crotsConfigSchema>;

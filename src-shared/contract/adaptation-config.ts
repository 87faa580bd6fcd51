// The parameters of the single-image methods, under the original program's names, with the published recipe as defaults. What
// people read of each, and what is offered to try, is registered with its schema.
import { z } from "zod";
import { PARAMETER_META } from "./parameter-meta.ts";

const WINDOW = "Sliding window";
const VIEWS = "Augmented views";
const ADAPTATION = "Adaptation";

const scales = z
  .array(z.number().positive("every scale is a number above 0, such as 0.5").max(4, "a scale above 4 is not supported"))
  .min(1, "give at least one scale, such as 0.5");

/** No image that is read is longer (see `MAX_IMAGE_PIXELS`), and a larger window would be the whole of it. */
const MAX_WINDOW_PX = 16_384;

/**
 * Prediction window by window, of which neighbours overlap. With a window the image is predicted at its full resolution;
 * without one, whole, and large ones reduced.
 */
export const windowConfigSchema = z.object({
  /** Height and width in pixels; empty: the whole image. */
  window: z
    .array(
      z
        .int("a window has whole pixels")
        .min(16, "a window has at least 16 pixels a side")
        .max(MAX_WINDOW_PX, `a window has at most ${MAX_WINDOW_PX} pixels a side`),
    )
    .refine(({ length }) => length === 0 || length === 2, "a window has a height and a width, such as 512x1024")
    .default([])
    .register(PARAMETER_META, {
      title: "Window",
      group: WINDOW,
      description:
        "Height and width in pixels of what is predicted at a time, at full resolution; none: the whole image, reduced where it is large",
      offered: [[], [512, 512], [512, 1024], [768, 768], [1024, 1024], [1024, 2048]],
      isSequence: true,
      joinedBy: " × ",
    }),
  overlap: z
    .int("the overlap is a whole number of pixels")
    .min(0, "the overlap is 0 or more pixels")
    .max(MAX_WINDOW_PX - 1, `the overlap is less than ${MAX_WINDOW_PX} pixels`)
    .default(128)
    .register(PARAMETER_META, {
      title: "Overlap",
      group: WINDOW,
      isUsedWith: ({ window }) => Array.isArray(window) && window.length > 0,
      description: "Of neighbouring windows, in pixels; where they overlap, the mean of their scores decides",
      range: { min: 0, max: MAX_WINDOW_PX - 1, step: 32 },
      offered: [0, 32, 64, 128, 256],
    }),
});
export type WindowConfig = z.infer<typeof windowConfigSchema>;

/** mmsegmentation's test pipeline, which networks with published figures were evaluated with. */
export const fitConfigSchema = z.object({
  /** Height and width in pixels; empty: the image's own size. */
  fit: z
    .array(
      z
        .int("a box has whole pixels")
        .min(16, "a box has at least 16 pixels a side")
        .max(MAX_WINDOW_PX, `a box has at most ${MAX_WINDOW_PX} pixels a side`),
    )
    .refine(({ length }) => length === 0 || length === 2, "a box has a height and a width, such as 540x960")
    .default([])
    .register(PARAMETER_META, {
      title: "Fitted into",
      group: WINDOW,
      description:
        "Height and width of a box that the image is fitted into as mmsegmentation's test pipeline does it, by OpenCV; scales are relative to it; none: as it is",
      offered: [[], [540, 960], [512, 1024], [1024, 2048]],
      isSequence: true,
      joinedBy: " × ",
    }),
});
export type FitConfig = z.infer<typeof fitConfigSchema>;

/** The augmented views of test-time augmentation. Source: spec "4.3 Augmented set". */
export const viewsConfigSchema = z.object({
  scales: scales.default([0.25, 0.5, 0.75]).register(PARAMETER_META, {
    title: "Scales",
    group: VIEWS,
    description: "Sizes of the views, relative to the image",
    offered: [
      [0.25, 0.5, 0.75],
      [0.5, 0.75, 1],
      [0.75, 1, 1.25],
      [0.5, 1, 1.5],
    ],
    item: { min: 0.01, max: 4, step: 0.05, offered: [0.25, 0.5, 0.75, 1, 1.5, 2] },
  }),
  flips: z
    .boolean()
    .default(true)
    .register(PARAMETER_META, {
      title: "Mirrored views",
      group: VIEWS,
      description: "Mirror the second view of each size",
      offered: [true, false],
    }),
  grayscale: z
    .boolean()
    .default(true)
    .register(PARAMETER_META, {
      title: "Grey views",
      group: VIEWS,
      description: "Turn the second view of each size grey",
      offered: [true, false],
    }),
});
export type ViewsConfig = z.infer<typeof viewsConfigSchema>;

/** Everything that test-time augmentation takes. */
export const augmentationConfigSchema = viewsConfigSchema.extend(windowConfigSchema.shape);

/** Self-adaptation of one image. Source: spec "4.6 Self-adaptation of one image", hyper-parameters of the recipe. */
export const adaptationConfigSchema = augmentationConfigSchema.extend({
  threshold: z
    .number()
    .min(0, "the threshold is between 0 and 1")
    .max(1, "the threshold is between 0 and 1")
    .default(0.7)
    .register(PARAMETER_META, {
      title: "Threshold",
      group: ADAPTATION,
      description: "Share of a class's largest probability in the image that a pixel must exceed to get a pseudo-label",
      range: { min: 0, max: 1, step: 0.05 },
      offered: [0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9],
    }),
  baseLr: z
    .number()
    .nonnegative("the learning rate is 0 or more")
    .default(0.05)
    .register(PARAMETER_META, {
      title: "Learning rate",
      group: ADAPTATION,
      short: "lr",
      description: "Of stochastic gradient descent",
      range: { min: 0, max: 10, step: 0.005 },
      offered: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4],
      isLogarithmic: true,
    }),
  weightDecay: z
    .number()
    .nonnegative("weight decay is 0 or more")
    .default(0)
    .register(PARAMETER_META, {
      title: "Weight decay",
      group: ADAPTATION,
      description: "Of stochastic gradient descent",
      range: { min: 0, max: 1, step: 0.0001 },
      offered: [0, 0.0001, 0.0005, 0.001, 0.01],
    }),
  momentum: z
    .number()
    .min(0, "momentum is at least 0 and below 1")
    .lt(1, "momentum is at least 0 and below 1")
    .default(0)
    .register(PARAMETER_META, {
      title: "Momentum",
      group: ADAPTATION,
      description: "Of stochastic gradient descent",
      range: { min: 0, max: 0.999, step: 0.1 },
      offered: [0, 0.5, 0.9, 0.95],
    }),
  /** The original calls them epochs. */
  numEpochs: z
    .int("the number of iterations is whole")
    .nonnegative("the number of iterations is 0 or more")
    .default(10)
    .register(PARAMETER_META, {
      title: "Iterations",
      group: ADAPTATION,
      description: "How often the weights are changed",
      short: "iterations",
      range: { min: 0, max: 10_000, step: 1 },
      offered: [1, 2, 3, 5, 10, 20, 40],
    }),
  resnetLayers: z
    .array(z.int().min(1, "layers are 1 to 4").max(4, "layers are 1 to 4"))
    .default([1, 2])
    .register(PARAMETER_META, {
      title: "Frozen ResNet layers",
      group: ADAPTATION,
      short: "frozen",
      description: "Layers of a ResNet whose parameters stay as they are, or none; the stem's always do",
      offered: [[], [1], [1, 2], [1, 2, 3]],
    }),
  /** Transition L and stage L + 1 stay, besides the first convolution. */
  hrnetLayers: z
    .array(z.int().min(1, "layers are 1 to 3").max(3, "layers are 1 to 3"))
    .default([1, 2])
    .register(PARAMETER_META, {
      title: "Frozen HRNet stages",
      group: ADAPTATION,
      short: "frozen",
      description:
        "Transitions of an HRNet whose parameters stay, each with the stage behind it, or none; the stem's always do",
      offered: [[], [1], [1, 2], [1, 2, 3]],
    }),
  /** Groups of convolutions between poolings; by default those before the resolution at which a ResNet is trained. */
  vggLayers: z
    .array(z.int().min(1, "layers are 1 to 5").max(5, "layers are 1 to 5"))
    .default([1, 2, 3])
    .register(PARAMETER_META, {
      title: "Frozen VGG groups",
      group: ADAPTATION,
      short: "frozen",
      description: "Groups of a VGG's convolutions whose parameters stay as they are, or none",
      offered: [[], [1, 2], [1, 2, 3], [1, 2, 3, 4]],
    }),
  /** Stages of a transformer's encoder, each with its embedding of patches and its last layer norm. */
  mitLayers: z
    .array(z.int().min(1, "layers are 1 to 4").max(4, "layers are 1 to 4"))
    .default([1, 2])
    .register(PARAMETER_META, {
      title: "Frozen transformer stages",
      group: ADAPTATION,
      short: "frozen",
      description: "Stages of a Mix Transformer whose parameters stay as they are, or none",
      offered: [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]],
    }),
  /** Weights do not tell. */
  dropout: z
    .boolean()
    .default(false)
    .register(PARAMETER_META, {
      title: "Dropout",
      group: ADAPTATION,
      description: "Whether the network is one with dropout behind every ReLU",
      offered: [false, true],
    }),
  seed: z
    .int("the seed is a whole number")
    .nonnegative("the seed is 0 or more")
    .default(0)
    .register(PARAMETER_META, {
      title: "Seed",
      group: ADAPTATION,
      description: "Of the dropout masks",
      range: { min: 0, max: Number.MAX_SAFE_INTEGER, step: 1 },
      offered: [0, 1, 2, 3, 4],
    }),
  /** With momentum, the original carries the velocity of one image over to the next. */
  carryVelocity: z
    .boolean()
    .default(false)
    .register(PARAMETER_META, {
      title: "Velocity carried over",
      group: ADAPTATION,
      description: "Keep the velocity of stochastic gradient descent from one image to the next, as the original does",
      offered: [false, true],
    }),
});
export type AdaptationConfig = z.infer<typeof adaptationConfigSchema>;

/** Share of an image's own statistics. */
export const alphaValueSchema = z.number().min(0, "alpha is between 0 and 1").max(1, "alpha is between 0 and 1");

/** Null: as stored in the checkpoint. */
export const alphaSchema = alphaValueSchema
  .nullable()
  .default(null)
  .register(PARAMETER_META, {
    title: "Alpha",
    description: "How much the statistics of the image itself count in every normalisation layer, 0 to 1",
    whenNull: "as stored",
    range: { min: 0, max: 1, step: 0.1 },
    offered: [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1],
  });

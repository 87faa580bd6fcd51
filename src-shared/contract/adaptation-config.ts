// The parameters of the single-image methods, under the original program's names, with the published recipe as defaults.
import { z } from "zod";

const scales = z
  .array(z.number().positive("every scale is a number above 0, such as 0.5").max(4, "a scale above 4 is not supported"))
  .min(1, "give at least one scale, such as 0.5");

/** The augmented views of test-time augmentation. Source: spec "4.3 Augmented set". */
export const viewsConfigSchema = z.object({
  scales: scales.default([0.25, 0.5, 0.75]),
  flips: z.boolean().default(true),
  grayscale: z.boolean().default(true),
});
export type ViewsConfig = z.infer<typeof viewsConfigSchema>;

/** Self-adaptation of one image. Source: spec "4.6 Self-adaptation of one image", hyper-parameters of the recipe. */
export const adaptationConfigSchema = viewsConfigSchema.extend({
  /** Share of a class's largest probability in the image that a pixel must exceed. */
  threshold: z
    .number()
    .min(0, "the threshold is between 0 and 1")
    .max(1, "the threshold is between 0 and 1")
    .default(0.7),
  baseLr: z.number().nonnegative("the learning rate is 0 or more").default(0.05),
  weightDecay: z.number().nonnegative("weight decay is 0 or more").default(0),
  momentum: z
    .number()
    .min(0, "momentum is at least 0 and below 1")
    .lt(1, "momentum is at least 0 and below 1")
    .default(0),
  /** Iterations on the image; the original calls them epochs. */
  numEpochs: z
    .int("the number of iterations is whole")
    .nonnegative("the number of iterations is 0 or more")
    .default(10),
  /** ResNet layers whose parameters stay as they are, besides the stem, which always does. */
  resnetLayers: z.array(z.int().min(1, "layers are 1 to 4").max(4, "layers are 1 to 4")).default([1, 2]),
  /** The same of an HRNet: transition L and stage L + 1 stay, besides the first convolution. */
  hrnetLayers: z.array(z.int().min(1, "layers are 1 to 3").max(3, "layers are 1 to 3")).default([1, 2]),
  /** Whether the network is one with dropout behind every ReLU; weights do not tell. */
  dropout: z.boolean().default(false),
  /** Of the dropout masks. */
  seed: z.int("the seed is a whole number").nonnegative("the seed is 0 or more").default(0),
  /** With momentum, the original carries the velocity of one image over to the next. */
  carryVelocity: z.boolean().default(false),
});
export type AdaptationConfig = z.infer<typeof adaptationConfigSchema>;

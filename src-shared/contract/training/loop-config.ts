// The parameters that the training of every method has: what the loop itself asks for.
import { z } from "zod";
import { PARAMETER_META } from "../parameter-meta.ts";

export const MODEL = "Model";
export const OPTIMISATION = "Optimisation";
export const VALIDATION = "Validation";
export const KEEPING = "Kept on the way";

/** Fields for a method's schema, which may have its own in place of any: others as defaults, other words. */
export const loopShape = {
  numClasses: z
    .int("the number of classes is whole")
    .min(2, "give at least 2 classes")
    .max(255)
    .default(19)
    .register(PARAMETER_META, {
      title: "Classes",
      description: "19 of Cityscapes, or 16 of SYNTHIA",
      group: MODEL,
      range: { min: 2, max: 255, step: 1 },
    }),
  baseLr: z
    .number()
    .nonnegative("the learning rate is 0 or more")
    .default(0.005)
    .register(PARAMETER_META, {
      title: "Learning rate",
      description: "Of stochastic gradient descent, at the start",
      group: OPTIMISATION,
      range: { min: 0, max: 10, step: 0.005 },
    }),
  numEpochs: z
    .int("the number of epochs is whole")
    .min(1, "give at least one epoch")
    .default(50)
    .register(PARAMETER_META, {
      title: "Epochs",
      description: "How often each image is seen",
      group: OPTIMISATION,
      range: { min: 1, max: 10_000, step: 1 },
    }),
  validationStart: z
    .int()
    .nonnegative()
    .default(40)
    .register(PARAMETER_META, {
      title: "From epoch",
      description: "First epoch, counted from 0, after which the validation images are predicted",
      group: VALIDATION,
      range: { min: 0, max: 10_000, step: 1 },
    }),
  validationStep: z
    .int()
    .min(1)
    .default(1)
    .register(PARAMETER_META, {
      title: "Every",
      description:
        "So many epochs lie between two validations; the epochs that are a multiple of it have one, counted from 0",
      group: VALIDATION,
      range: { min: 1, max: 10_000, step: 1 },
    }),
  previewStep: z
    .int("the number of steps is whole")
    .nonnegative("the number of steps is 0 or more")
    .default(0)
    .register(PARAMETER_META, {
      title: "Preview every",
      description: "A prediction of one image to look at, every so many steps, 0: none",
      group: KEEPING,
      range: { min: 0, max: 100_000, step: 50 },
    }),
  saveStep: z
    .int("the number of steps is whole")
    .nonnegative("the number of steps is 0 or more")
    .default(500)
    .register(PARAMETER_META, {
      title: "Save every",
      description: "What is needed to go on after a crash, every so many steps, 0: after epochs only",
      group: KEEPING,
      range: { min: 0, max: 100_000, step: 100 },
    }),
  seed: z
    .int("the seed is a whole number")
    .nonnegative("the seed is 0 or more")
    .default(0)
    .register(PARAMETER_META, {
      title: "Seed",
      description: "Of initial weights, order of the images, augmentation, dropout and sample scenes",
      group: OPTIMISATION,
      range: { min: 0, max: Number.MAX_SAFE_INTEGER, step: 1 },
    }),
};

/** What the training house reads of a configuration, whatever its method. */
export type LoopConfig = z.infer<z.ZodObject<typeof loopShape>> & { readonly method: string };

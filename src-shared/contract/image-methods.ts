// The methods for single images, each with the parameters that it has and no others.
import { z } from "zod";
import {
  adaptationConfigSchema,
  alphaSchema,
  augmentationConfigSchema,
  fitConfigSchema,
  windowConfigSchema,
} from "./adaptation-config.ts";
import { PARAMETER_META } from "./parameter-meta.ts";

const MAX_PASSES = 1000;

/** Passes with dropout on. Source: spec "6.3 MC-Dropout helper". */
export const dropoutConfigSchema = windowConfigSchema.extend({
  passes: z
    .int("passes are whole")
    .min(2, "MC dropout needs at least 2 passes")
    .max(MAX_PASSES, `MC dropout takes at most ${MAX_PASSES} passes`)
    .default(10)
    .register(PARAMETER_META, {
      title: "Passes",
      group: "MC dropout",
      description: "With dropout on, of which the mean is taken",
      range: { min: 2, max: MAX_PASSES, step: 1 },
    }),
  dropout: adaptationConfigSchema.shape.dropout,
  seed: adaptationConfigSchema.shape.seed,
});
export type DropoutConfig = z.infer<typeof dropoutConfigSchema>;

/** What each method is told, but for alpha, which belongs to the model. */
export const METHOD_PARAMETERS = {
  predict: windowConfigSchema.extend(fitConfigSchema.shape),
  tta: augmentationConfigSchema.extend(fitConfigSchema.shape),
  adapt: adaptationConfigSchema,
  "mc-dropout": dropoutConfigSchema,
} as const;

/** A method and its parameters. Parameters of other methods are left out when it is read. */
export const imageMethodConfigSchema = z.discriminatedUnion("method", [
  METHOD_PARAMETERS.predict.extend({ method: z.literal("predict") }),
  METHOD_PARAMETERS.tta.extend({ method: z.literal("tta") }),
  METHOD_PARAMETERS.adapt.extend({ method: z.literal("adapt") }),
  METHOD_PARAMETERS["mc-dropout"].extend({ method: z.literal("mc-dropout") }),
]);
export type ImageMethodConfig = z.infer<typeof imageMethodConfigSchema>;
export type ImageMethod = ImageMethodConfig["method"];
/** In the order in which they are offered. */
export const IMAGE_METHODS = Object.keys(METHOD_PARAMETERS) as readonly ImageMethod[]; // its very keys

/** In place of the checkpoint's own in every normalisation layer. */
const alpha = { alpha: alphaSchema };
const [predict, tta, adapt, dropout] = imageMethodConfigSchema.options;

/** The same with the alpha that the model is given. */
export const imageMethodWithAlphaSchema = z.discriminatedUnion("method", [
  predict.extend(alpha),
  tta.extend(alpha),
  adapt.extend(alpha),
  dropout.extend(alpha),
]);

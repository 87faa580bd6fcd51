// The configuration of a training: of one of the methods, told apart by `method`.
import { z } from "zod";
import { crotsBaselineConfigSchema, crotsConfigSchema } from "./crots.ts";
import { daSacBaselineConfigSchema, daSacConfigSchema } from "./da-sac.ts";
import { daformerConfigSchema, entropyBalancingConfigSchema } from "./entropy-balancing.ts";
import { sourceTrainingConfigSchema } from "./source-training.ts";

/** A schema for each method; a new one gets its place here and in the union below. */
export const TRAINING_SCHEMAS = {
  "source-training": sourceTrainingConfigSchema,
  "da-sac-baseline": daSacBaselineConfigSchema,
  "da-sac": daSacConfigSchema,
  daformer: daformerConfigSchema,
  "entropy-balancing": entropyBalancingConfigSchema,
  "crots-baseline": crotsBaselineConfigSchema,
  crots: crotsConfigSchema,
} as const;

const byMethod = z.discriminatedUnion("method", [
  sourceTrainingConfigSchema,
  daSacBaselineConfigSchema,
  daSacConfigSchema,
  daformerConfigSchema,
  entropyBalancingConfigSchema,
  crotsBaselineConfigSchema,
  crotsConfigSchema,
]);

export type TrainingConfig = z.output<typeof byMethod>;
type TrainingConfigInput = z.input<typeof byMethod>;
export type TrainingMethodName = keyof typeof TRAINING_SCHEMAS;

export const TRAINING_METHOD_NAMES = Object.keys(TRAINING_SCHEMAS) as readonly TrainingMethodName[];

/** Of a configuration that names none: there was one method when it was written. */
const FIRST_METHOD: TrainingMethodName = "source-training";

/** A configuration without `method` is one of source training. */
export const trainingConfigSchema: z.ZodType<TrainingConfig, TrainingConfigInput> = z.preprocess(
  (config) => (isWithoutMethod(config) ? { ...config, method: FIRST_METHOD } : config),
  byMethod,
);

function isWithoutMethod(config: unknown): config is object {
  if (typeof config !== "object" || config === null || Array.isArray(config)) return false;
  return !("method" in config) || config.method === undefined;
}

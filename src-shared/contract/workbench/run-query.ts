// Which runs are asked for, by which columns they are shown, ordered and grouped.
import { z } from "zod";
import { checkpointIdSchema, datasetIdSchema, groupIdSchema, imageIdSchema, runIdSchema } from "./ids.ts";
import { imageRunConfigSchema, RUN_STATUSES, type RunConfigForm, type RunMethod, runSummarySchema } from "./runs.ts";

const count = z.int().nonnegative();

/** What a run is and what came out of it. `miouBefore` is what the gain is measured from; `miou`, `entropy` and `confidence` are of the last kept iteration. */
export const FIGURE_COLUMNS = [
  "image",
  "checkpoint",
  "sweep",
  "method",
  "status",
  "createdAt",
  "duration",
  "miouBefore",
  "miou",
  "gain",
  "entropy",
  "confidence",
  "loss",
  "notes",
] as const;
export type FigureColumn = (typeof FIGURE_COLUMNS)[number];

export type ParameterColumn = Exclude<keyof RunConfigForm, "method">;

function methodsWith(column: ParameterColumn): readonly RunMethod[] {
  return imageRunConfigSchema.options
    .filter(({ shape }) => Object.hasOwn(shape, column))
    .map(({ shape }) => shape.method.value);
}

/** Which methods have a parameter; in the order in which parameters are shown. */
export const PARAMETER_METHODS: Readonly<Record<ParameterColumn, readonly RunMethod[]>> = {
  scales: methodsWith("scales"),
  flips: methodsWith("flips"),
  grayscale: methodsWith("grayscale"),
  threshold: methodsWith("threshold"),
  baseLr: methodsWith("baseLr"),
  numEpochs: methodsWith("numEpochs"),
  momentum: methodsWith("momentum"),
  weightDecay: methodsWith("weightDecay"),
  resnetLayers: methodsWith("resnetLayers"),
  hrnetLayers: methodsWith("hrnetLayers"),
  vggLayers: methodsWith("vggLayers"),
  mitLayers: methodsWith("mitLayers"),
  alpha: methodsWith("alpha"),
  dropout: methodsWith("dropout"),
  seed: methodsWith("seed"),
  window: methodsWith("window"),
  overlap: methodsWith("overlap"),
  fit: methodsWith("fit"),
  carryVelocity: methodsWith("carryVelocity"),
  keepEvery: methodsWith("keepEvery"),
};

export const PARAMETER_COLUMNS = Object.keys(PARAMETER_METHODS) as ParameterColumn[]; // the keys it was made of

/** IoU of one class in the last kept iteration, by train id. */
export type ClassColumn = `iou.${number}`;
export type RunColumn = FigureColumn | ParameterColumn | ClassColumn;

export const runColumnSchema: z.ZodType<RunColumn, RunColumn> = z.union(
  [
    z.enum(FIGURE_COLUMNS),
    z.enum(PARAMETER_COLUMNS),
    z.custom<ClassColumn>((value) => typeof value === "string" && /^iou\.\d{1,3}$/.test(value)),
  ],
  "there is no such column of runs",
);

/** The train id of a class's column; null for every other column. */
export function trainIdOf(column: RunColumn): number | null {
  return column.startsWith("iou.") ? Number(column.slice(4)) : null;
}

/** A value as the database has it: switches are 0 and 1, lists are JSON. Null: the run has none. */
export const runCellSchema = z.union([z.number(), z.string(), z.null()]);
export type RunCell = z.infer<typeof runCellSchema>;

/** Both ends count; a run without a value does not fit. */
export const runConditionSchema = z.union([
  z.object({ column: runColumnSchema, from: z.number(), to: z.number() }),
  z.object({ column: runColumnSchema, values: z.array(runCellSchema).max(500) }),
]);
export type RunCondition = z.infer<typeof runConditionSchema>;

/** Which runs; what is left out lets all pass. */
export const runFilterSchema = z.object({
  imageId: imageIdSchema.nullable().default(null),
  datasetId: datasetIdSchema.nullable().default(null),
  checkpointId: checkpointIdSchema.nullable().default(null),
  groupId: groupIdSchema.nullable().default(null),
  statuses: z.array(z.enum(RUN_STATUSES)).default([]),
  /** Words that all occur in image, checkpoint, notes or the sweep's name, in any case. */
  text: z.string().max(200, "a search has at most 200 characters").default(""),
  where: z.array(runConditionSchema).max(40).default([]),
});
export type RunFilter = z.infer<typeof runFilterSchema>;

export const runQuerySchema = runFilterSchema.extend({
  /** Runs with the same value stand together, groups by rising value, sweeps the newest first. */
  groupBy: runColumnSchema.nullable().default(null),
  /** Null: the newest first. Runs without a value come last either way. */
  sort: z.object({ by: runColumnSchema, descending: z.boolean() }).nullable().default(null),
  /** Whose cells are wanted with each run. */
  columns: z.array(runColumnSchema).max(60).default([]),
  offset: count.default(0),
  limit: z.int().min(1).max(500).default(100),
});
export type RunQuery = z.infer<typeof runQuerySchema>;

export const runListSchema = z.object({
  /** Runs that pass the filter. */
  total: count,
  runs: z.array(runSummarySchema),
  /** Of each run, in the order of the columns asked for. */
  cells: z.array(z.array(runCellSchema)),
});
export type RunList = z.infer<typeof runListSchema>;

export const runSectionQuerySchema = runFilterSchema.extend({ groupBy: runColumnSchema });
export type RunSectionQuery = z.infer<typeof runSectionQuerySchema>;

/** Runs with one value of what they are grouped by, in the order of the list. */
export const runSectionSchema = z.object({
  /** What tells it from the others: a checkpoint's id, not its name. */
  key: runCellSchema,
  label: runCellSchema,
  count,
  bestMiou: z.number().nullable(),
  meanMiou: z.number().nullable(),
});
export type RunSection = z.infer<typeof runSectionSchema>;

export const runPointsQuerySchema = runFilterSchema.extend({
  columns: z.array(runColumnSchema).min(1).max(40),
  /** The newest so many. */
  limit: z.int().min(1).max(20_000).default(10_000),
});
export type RunPointsQuery = z.infer<typeof runPointsQuerySchema>;

/** Many runs in few bytes, the newest first: one list a column. */
export const runPointsSchema = z.object({
  total: count,
  ids: z.array(runIdSchema),
  columns: z.array(z.array(runCellSchema)),
});
export type RunPoints = z.infer<typeof runPointsSchema>;

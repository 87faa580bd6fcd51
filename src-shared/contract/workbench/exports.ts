// Exports: what can be written of a run, where, and what is checked before.
import { z } from "zod";
import { exportIdSchema, runIdSchema } from "./ids.ts";

export const EXPORT_FORMATS = [
  "trainIds", // 8-bit PNG of train ids
  "labelIds", // 8-bit PNG of Cityscapes label ids
  "color", // RGB PNG in the palette
  "overlay", // RGB PNG over the image
  "probabilities", // .npz, float32 [C, H, W]
  "coco", // annotations as COCO-Stuff has them
  "csv", // per-class IoU and losses
  "json", // the run with everything that made it
  "report", // one HTML file with pictures inside
  "weights", // adapted weights, .safetensors
  "onnx", // adapted model
] as const;
/** Not kept with a run: exporting them repeats it from its record, and checks that the labels come out the same. */
export const RECOMPUTED_FORMATS: readonly ExportFormat[] = ["probabilities", "weights", "onnx"];
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const exportRequestSchema = z.object({
  runIds: z.array(runIdSchema).min(1, "choose a run").max(1000),
  formats: z.array(z.enum(EXPORT_FORMATS)).min(1, "choose at least one format"),
  /** A kept iteration; null: the last. */
  iteration: z.int().nonnegative().nullable().default(null),
  palette: z.enum(["cityscapes", "color-blind-safe"]).default("cityscapes"),
  overlayOpacity: z.number().min(0).max(1).default(0.6),
  /** A folder, absolute, made if it is not there; null: kept for download from the page. */
  folder: z.string().min(1).nullable(),
});
export type ExportRequest = z.infer<typeof exportRequestSchema>;

/** What would be written, and what stands in the way. */
export const exportPlanSchema = z.object({
  files: z.array(
    z.object({
      name: z.string(),
      format: z.enum(EXPORT_FORMATS),
      runId: runIdSchema,
      /** A file of that name is there and would be replaced. */
      exists: z.boolean(),
    }),
  ),
  /** Sentences; an export with problems is refused. */
  problems: z.array(z.string()),
  /** Sentences on memory and disk that may not do; with too little of either it starts only when that is insisted on. */
  warnings: z.array(z.string()),
});
export type ExportPlan = z.infer<typeof exportPlanSchema>;

export const exportSchema = z.object({
  id: exportIdSchema,
  status: z.enum(["running", "finished", "failed", "cancelled"]),
  folder: z.string().nullable(),
  files: z.array(z.object({ name: z.string(), sizeBytes: z.int().nonnegative() })),
  total: z.int().nonnegative(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type Export = z.infer<typeof exportSchema>;

// What the background process is told to write of runs, and what it tells of it: everything by path, nothing to look up.
import { z } from "zod";
import { EXPORT_FORMATS } from "./workbench/exports.ts";
import { runSchema } from "./workbench/runs.ts";

const count = z.int().nonnegative();
const path = z.string().min(1);

export const exportedRunSchema = z.object({
  run: runSchema,
  /** The command line that gives the same result. */
  command: z.string(),
  imagePath: path,
  checkpointPath: path,
  /** The kept iteration that is written. */
  iteration: count,
  /** Planes as they are kept, gzip of uint8 [H, W]: labels of iteration 0, labels and confidence of the one written. */
  planes: z.object({ before: path, labels: path, confidence: path }),
  /** Relative to the job's folder, with "/". */
  files: z.array(z.object({ name: path, format: z.enum(EXPORT_FORMATS) })).min(1),
});
export type ExportedRun = z.infer<typeof exportedRunSchema>;

export const exportJobSchema = z.object({
  /** Absolute, and there. */
  folder: path,
  /** Name of a .zip with all files, written into the folder last; null: none. */
  archive: z.string().nullable(),
  palette: z.enum(["cityscapes", "color-blind-safe"]),
  overlayOpacity: z.number().min(0).max(1),
  runs: z.array(exportedRunSchema).min(1),
});
export type ExportJob = z.infer<typeof exportJobSchema>;

/** Told when a file is whole and has its name. */
export const exportedFileSchema = z.object({ name: path, sizeBytes: count });
export type ExportedFile = z.infer<typeof exportedFileSchema>;

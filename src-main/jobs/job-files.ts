// The files that evaluations and trainings leave in their folders, for whoever shows them.
import { join } from "node:path";
import { headerPath, reportPath } from "../engine/evaluation/evaluation-folder.ts";
import { previewFiles } from "../engine/training/preview-files.ts";
import { trainingFiles } from "../engine/training/training-store.ts";

export interface TrainingFiles {
  /** The best weights; without validation they come at the end. */
  readonly best: string;
  /** Those after the last finished epoch. */
  readonly last: string;
  /** A folder. */
  readonly previews: string;
  /** PNG of what the previews are of. */
  readonly previewImage: string;
  readonly preview: (step: number, name: string) => string;
  /** PNG of what the preview of this name is of, where that is another picture. */
  readonly previewPicture: (step: number, name: string) => string;
}

/** The evaluation as one page, once it has finished. @param folder  of the evaluation */
export function evaluationReportPath(folder: string): string {
  return reportPath(folder);
}

/** The archive for a benchmark's server, once it has been written. @param folder  of the evaluation */
export function submissionPath(folder: string, benchmark: string): string {
  return join(folder, `submission-${benchmark}.zip`);
}

/** Importance weights of its images, once they have been written. @param folder  of the evaluation */
export function weightsPath(folder: string, form: string): string {
  return join(folder, `importance-weights.${form}`);
}

/** What decides the evaluation's figures, once it has begun: JSON. */
export function evaluationHeaderPath(folder: string): string {
  return headerPath(folder);
}

/**
 * Checkpoints are known by the names of their files, so these are named after the training.
 *
 * @param folder  of the training
 * @param name    whatever the user called it
 */
export function trainingFilesIn(folder: string, name: string): TrainingFiles {
  const { best, last } = trainingFiles(join(folder, `${fileName(name)}.safetensors`));
  const previews = join(folder, "previews");
  return { best, last, previews, ...previewFiles(previews) };
}

const MAX_NAME = 60;

/** Letters and digits of any script, and what every system takes in names. */
function fileName(name: string): string {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "");
  return safe === "" ? "training" : safe.slice(0, MAX_NAME);
}

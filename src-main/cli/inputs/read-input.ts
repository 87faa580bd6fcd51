// Reads an image that a command works on, with its labels; what is noticed goes to the report.

import type { UnknownLabel } from "../../../src-shared/contract/unknown-labels.ts";
import type { ModelClasses } from "../../../src-shared/labels/label-sets.ts";
import type { DatasetReport } from "../../engine/datasets/dataset-report.ts";
import { readLabels } from "../../engine/datasets/read-labels.ts";
import { reportLabels, reportTurned } from "../../engine/datasets/report-read.ts";
import { decodeImage } from "../../engine/images/decode-image.ts";
import type { LabelMap, RgbImage } from "../../engine/images/rgb-image.ts";
import type { RunInput } from "./run-input.ts";

export interface ReadInput {
  readonly image: RgbImage;
  /** Train ids of the image's size; null when it has none. */
  readonly labels: LabelMap | null;
  /** In the label file, of no class: those pixels count for nothing. */
  readonly unknown: readonly UnknownLabel[];
}

export interface ReadInputOptions {
  readonly model: ModelClasses;
  readonly report: DatasetReport;
  readonly signal: AbortSignal;
}

/** @throws AppError those of decodeImage and readLabels; CancelledError */
export async function readInput(input: RunInput, { model, report, signal }: ReadInputOptions): Promise<ReadInput> {
  const { path, labelPath, labelEncoding, classList } = input;
  const image = await decodeImage(path);
  reportTurned(report, path, image);
  if (labelPath === null) return { image, labels: null, unknown: [] };
  const source = { imagePath: path, labelPath, labelEncoding, classList };
  const read = await readLabels(source, model, signal);
  reportLabels(report, { path: labelPath, encoding: labelEncoding }, read);
  return { image, labels: read.labels, unknown: read.unknown };
}

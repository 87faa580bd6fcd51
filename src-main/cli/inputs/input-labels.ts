// The labels of one image that a command works on, wherever they come from.
import type { DatasetReport } from "../../engine/datasets/dataset-report.ts";
import { readLabelFile, reportUnknownIds } from "../../engine/datasets/read-labels.ts";
import type { LabelMap, RgbImage } from "../../engine/images/rgb-image.ts";
import { type LabelFileEncoding, loadLabels, requireEqualSizes } from "./load-labels.ts";
import type { RunInput } from "./run-input.ts";

export interface InputLabelsOptions {
  /** Of files that no known data set has. */
  readonly labelEncoding: LabelFileEncoding;
  readonly numClasses: number;
  /** Hears of label files with ids that their data set does not have: those count for nothing. */
  readonly report: DatasetReport;
  readonly signal: AbortSignal;
}

/**
 * @returns train ids of the image's size; null when it has none
 * @throws AppError as loadLabels
 */
export async function inputLabels(
  input: RunInput,
  { width, height }: Pick<RgbImage, "width" | "height">,
  { labelEncoding, numClasses, report, signal }: InputLabelsOptions,
): Promise<LabelMap | null> {
  const { path, labelPath, labelEncoding: known, domain } = input;
  if (labelPath === null) return null;
  const image = { path, width, height };
  if (known === undefined) {
    const encoding = domain === undefined ? labelEncoding : "trainIds"; // of the built-in sample
    return loadLabels(labelPath, image, encoding, numClasses);
  }
  const { labels, unknownIds } = await readLabelFile(labelPath, known, numClasses, signal);
  requireEqualSizes(labelPath, labels, image);
  reportUnknownIds(report, labelPath, unknownIds);
  return labels;
}

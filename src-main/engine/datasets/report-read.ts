// What is noticed when an image and its labels are read, as lines of a report.
import type { UnknownLabel } from "../../../src-shared/contract/unknown-labels.ts";
import type { DatasetEncoding } from "../../../src-shared/labels/dataset-tables.ts";
import type { DecodedImage } from "../images/decode-image.ts";
import { counted, type DatasetReport } from "./dataset-report.ts";

/** Says that an image was turned, where a note in its file says so. */
export function reportTurned(report: DatasetReport, path: string, { orientation }: Pick<DecodedImage, "orientation">) {
  if (orientation === undefined) return;
  const describe = (count: number, first: string) =>
    `${counted(count, "image")} such as "${first}" ${count === 1 ? "carries" : "carry"} a note of the camera which side is up, ` +
    `and ${count === 1 ? "is" : "are"} turned as it says; so are all results.`;
  report.add("dataset.turned", path, describe);
}

export interface ReadLabelFile {
  readonly labels: { readonly data: { readonly length: number } };
  readonly unknown: readonly UnknownLabel[];
  readonly hints: readonly string[];
}

/** Says what a label file holds that is of no class, and what it may really be. */
export function reportLabels(
  report: DatasetReport,
  { path, encoding }: { readonly path: string; readonly encoding: DatasetEncoding | null },
  { labels, unknown, hints }: ReadLabelFile,
): void {
  report.addUnknown({ path, encoding: encoding ?? "trainIds", unknown, pixels: labels.data.length });
  for (const hint of hints) {
    const describe = (count: number, first: string) =>
      count === 1 ? `"${first}" ${hint}` : `"${first}" ${hint} So it is with ${count} label files.`;
    report.add("dataset.labelHint", path, describe, hint);
  }
}

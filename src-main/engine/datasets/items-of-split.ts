// All images of a data set, or of one of its splits, at once.
import type { DatasetItem, DatasetLayout } from "../../../src-shared/contract/dataset.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { DatasetReport } from "./dataset-report.ts";
import { listDataset } from "./list-dataset.ts";
import { isInSplit } from "./published-splits.ts";

export interface ItemsOptions {
  readonly layout: DatasetLayout;
  /** Null: all images. */
  readonly split: string | null;
  readonly report: DatasetReport;
  readonly signal: AbortSignal;
}

/**
 * In the order of `listDataset`.
 *
 * @throws AppError `input.option` for a split without images, `input.unreadable` for a data set without; those of `listDataset`
 * @throws CancelledError
 */
export async function itemsOfSplit(
  dataset: string,
  { layout, split, report, signal }: ItemsOptions,
): Promise<DatasetItem[]> {
  const items: DatasetItem[] = [];
  const splits = new Set<string>();
  for await (const batch of listDataset(dataset, { layout, report, signal })) {
    for (const item of batch) {
      if (item.split !== null) splits.add(item.split);
      if (split === null || isInSplit(item, split)) items.push(item);
    }
  }
  if (items.length > 0) return items;
  if (split === null) {
    throw new AppError("input.unreadable", `"${dataset}" holds no images; name the folder of a data set.`);
  }
  const known = splits.size === 0 ? "it has none" : `it has ${[...splits].toSorted().join(", ")}`;
  throw new AppError("input.option", `"${dataset}" has no images in the split "${split}"; ${known}.`);
}

// Reads the label file of an item as train ids, whatever the data set's encoding.
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import { type DatasetEncoding, labelTableFor } from "../../../src-shared/labels/dataset-tables.ts";
import { IGNORE_LABEL } from "../../../src-shared/labels/ignore-label.ts";
import { decodeLabelMap } from "../images/decode-label-map.ts";
import type { LabelMap } from "../images/rgb-image.ts";
import { counted, type DatasetReport } from "./dataset-report.ts";
import { decodePanopticLabels } from "./panoptic-labels.ts";

export interface UnknownId {
  readonly id: number;
  readonly pixels: number;
}

export interface ItemLabels {
  /** Train ids below numClasses, 255 where a pixel counts for nothing. */
  readonly labels: LabelMap;
  /** Ids that the data set does not have; their pixels are 255. */
  readonly unknownIds: readonly UnknownId[];
}

/** @throws AppError those of readLabelFile; `input.missing` for an item without labels */
export async function readLabels(item: DatasetItem, numClasses: number, signal?: AbortSignal): Promise<ItemLabels> {
  if (item.labelPath !== null && item.labelEncoding !== null) {
    return readLabelFile(item.labelPath, item.labelEncoding, numClasses, signal);
  }
  throw new AppError("input.missing", `"${item.key}" has no label file; choose an image that has one.`);
}

/**
 * @param numClasses  19, or 16 with the classes of SYNTHIA, renumbered without gaps
 * @throws AppError `checkpoint.classes` when numClasses is neither
 * @throws AppError those of decodeLabelMap, and for panoptic labels of `panoptic.json`
 * @throws CancelledError
 */
export async function readLabelFile(
  path: string,
  encoding: DatasetEncoding,
  numClasses: number,
  signal?: AbortSignal,
): Promise<ItemLabels> {
  const { trainIds, isKnown } = labelTableFor(encoding, numClasses);
  const ids = await decodeIds(path, encoding);
  if (signal?.aborted) throw new CancelledError();
  const pixels = new Uint32Array(isKnown.length);
  const data = new Uint8Array(ids.data.length);
  for (let i = 0; i < data.length; i++) {
    const id = ids.data[i] ?? IGNORE_LABEL; // in range: both are of one length
    pixels[id] = (pixels[id] ?? 0) + 1;
    data[i] = trainIds[id] ?? IGNORE_LABEL;
  }
  const unknownIds = [...pixels.entries()]
    .filter(([id, count]) => count > 0 && isKnown[id] === 0)
    .map(([id, count]) => ({ id, pixels: count }));
  return { labels: { ...ids, data }, unknownIds };
}

/** Gives unknown ids a line in the report, one for each id. */
export function reportUnknownIds(report: DatasetReport, path: string, unknownIds: readonly UnknownId[]): void {
  for (const { id } of unknownIds) {
    const describe = (count: number, first: string) =>
      `${counted(count, "label file")} such as "${first}" ${count === 1 ? "holds" : "hold"} the id ${id}, which the data set does not have; its pixels are ignored.`;
    report.add("dataset.unknownIds", path, describe, String(id));
  }
}

function decodeIds(path: string, encoding: DatasetEncoding): Promise<LabelMap> {
  if (encoding === "wilddash2") return decodePanopticLabels(path);
  return decodeLabelMap(path, encoding === "synthia" ? "red" : "refused");
}

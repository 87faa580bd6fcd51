// Compares the sizes of images and label files by their headers, before they are needed.
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import { readImageHeader } from "../images/read-image-header.ts";
import { counted, type DatasetReport } from "./dataset-report.ts";
import { mapInParallel } from "./map-in-parallel.ts";

/**
 * The items whose image and labels can be opened and have one size, in order; the report names the others. Items
 * without labels are taken as they are. Source: dataset specification, 3.2.
 *
 * @throws CancelledError
 */
export async function withEqualSizes(
  items: readonly DatasetItem[],
  report: DatasetReport,
  signal?: AbortSignal,
): Promise<DatasetItem[]> {
  const isSound = await mapInParallel(items, (item) => hasEqualSizes(item, report), signal);
  return items.filter((_, index) => isSound[index]);
}

async function hasEqualSizes({ key, imagePath, labelPath }: DatasetItem, report: DatasetReport): Promise<boolean> {
  if (labelPath === null) return true;
  const sizes = await Promise.all([readImageHeader(imagePath), readImageHeader(labelPath)]).catch(() => null);
  if (sizes === null) {
    const describe = (count: number, path: string) =>
      `${counted(count, "image")} such as "${path}", or the labels, can't be opened, and ${count === 1 ? "is" : "are"} left out.`;
    report.add("dataset.fileDamaged", key, describe);
    return false;
  }
  const [image, labels] = sizes;
  if (image.width === labels.width && image.height === labels.height) return true;
  const describe = (count: number, path: string) =>
    `${counted(count, "image")} such as "${path}" ${count === 1 ? "differs" : "differ"} in size from the labels, and ${count === 1 ? "is" : "are"} left out.`;
  report.add("dataset.sizesDiffer", key, describe);
  return false;
}

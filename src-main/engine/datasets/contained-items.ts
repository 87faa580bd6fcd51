// The items of a data set whose files really are inside its folder: links may lead anywhere.
import { relative } from "node:path";
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { outsideError } from "../../../src-shared/contract/outside-error.ts";
import { realPathBelow } from "../../files/real-path-below.ts";
import { counted, type DatasetReport } from "./dataset-report.ts";
import { mapInParallel } from "./map-in-parallel.ts";

type ItemFiles = Pick<DatasetItem, "imagePath" | "labelPath">;

/**
 * Of a file that is not there it says nothing: whoever opens it does.
 *
 * @throws AppError `input.outside` when links lead out of the folder to the image or its labels
 */
export async function requireContained(root: string, { imagePath, labelPath }: ItemFiles): Promise<void> {
  for (const path of [imagePath, labelPath]) {
    if (path === null) continue;
    const real = await realPathBelow(root, relative(root, path)).catch(() => null);
    if (real !== null && !real.isInside) throw outsideError(path, real.path);
  }
}

/** The items in order, without those that links lead out of the folder to; the report names these. */
export async function containedItems(
  root: string,
  items: readonly DatasetItem[],
  report: DatasetReport,
): Promise<DatasetItem[]> {
  const isContained = await mapInParallel(items, (item) => isInside(root, item, report));
  return items.filter((_, index) => isContained[index]);
}

async function isInside(root: string, item: DatasetItem, report: DatasetReport): Promise<boolean> {
  try {
    await requireContained(root, item);
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const describe = (count: number, path: string) =>
      `${counted(count, "image")} such as "${path}", or the labels, ${count === 1 ? "leads" : "lead"} out of the opened folder, and ${count === 1 ? "is" : "are"} left out; open the folder that the files are really in.`;
    report.add("dataset.linkOutside", item.key, describe);
    return false;
  }
}

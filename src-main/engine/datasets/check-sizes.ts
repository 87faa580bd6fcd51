// Compares the sizes of images and label files by their headers, before they are needed.
import type { DatasetItem, DatasetReportCode } from "../../../src-shared/contract/dataset.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { swapsSides } from "../images/orientation.ts";
import { type ImageHeader, readImageHeader } from "../images/read-image-header.ts";
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
  const faults = await mapInParallel(items, faultOf, signal);
  return items.filter((item, index) => {
    const fault = faults[index] ?? null;
    if (fault !== null) report.add(fault.code, item.key, fault.describe);
    return fault === null;
  });
}

interface Fault {
  readonly code: DatasetReportCode;
  readonly describe: (count: number, path: string) => string;
}

async function faultOf({ imagePath, labelPath, labelEncoding }: DatasetItem): Promise<Fault | null> {
  if (labelPath === null) return null;
  let headers: readonly [ImageHeader, ImageHeader];
  try {
    const image = await readImageHeader(imagePath);
    // Polygons are compared when they are drawn.
    headers = [image, labelEncoding === "polygons" ? image : await readImageHeader(labelPath)];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: "dataset.fileDamaged", describe: (count, path) => damagedWords(count, path, error.message) };
  }
  const [image, labels] = headers;
  const isEqual = image.width === labels.width && image.height === labels.height;
  // Labels may be drawn on the pixels as they are stored; then they are turned with them.
  const isLying = swapsSides(image.orientation) && image.width === labels.height && image.height === labels.width;
  if (isEqual || isLying) return null;
  const describe = (count: number, path: string) =>
    `${counted(count, "image")} such as "${path}" ${count === 1 ? "differs" : "differ"} in size from the labels, and ${count === 1 ? "is" : "are"} left out.`;
  return { code: "dataset.sizesDiffer", describe };
}

/** @param message  about the first of them */
export function damagedWords(count: number, path: string, message: string): string {
  return `${counted(count, "image")} such as "${path}", or the labels, can't be read, and ${count === 1 ? "is" : "are"} left out: ${message}`;
}

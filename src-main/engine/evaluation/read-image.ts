// An image of a data set and its labels, as they are evaluated.
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { readLabels, type UnknownId } from "../datasets/read-labels.ts";
import { decodeImage } from "../images/decode-image.ts";
import type { LoadedImage } from "./score-image.ts";

export interface ReadImage extends LoadedImage {
  /** In the label file, of which its encoding knows nothing. */
  readonly unknownIds: readonly UnknownId[];
}

/** @throws AppError about a file that can't be read; `label.size` when the two do not fit */
export async function readImage(item: DatasetItem, numClasses: number): Promise<ReadImage> {
  const image = await decodeImage(item.imagePath);
  if (item.labelPath === null) return { image, labels: null, unknownIds: [] };
  const { labels, unknownIds } = await readLabels(item, numClasses);
  if (labels.width !== image.width || labels.height !== image.height) {
    throw new AppError(
      "label.size",
      `"${item.labelPath}" has ${labels.width} x ${labels.height} pixels, its image ${image.width} x ${image.height}; labels are never resized.`,
    );
  }
  return { image, labels, unknownIds };
}

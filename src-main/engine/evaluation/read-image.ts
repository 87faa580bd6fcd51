// An image of a data set and its labels, as they are evaluated.

import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import type { UnknownLabel } from "../../../src-shared/contract/unknown-labels.ts";
import type { ModelClasses } from "../../../src-shared/labels/label-sets.ts";
import { readLabels } from "../datasets/read-labels.ts";
import { type DecodedImage, decodeImage } from "../images/decode-image.ts";
import type { LoadedImage } from "./score-image.ts";

export interface ReadImage extends LoadedImage {
  readonly image: DecodedImage;
  /** In the label file, of no class: those pixels are ignored. */
  readonly unknown: readonly UnknownLabel[];
  /** What the label file may really be. */
  readonly hints: readonly string[];
}

/** @throws AppError about a file that can't be read; `label.size` when the two do not fit */
export async function readImage(item: DatasetItem, model: ModelClasses): Promise<ReadImage> {
  const image = await decodeImage(item.imagePath);
  if (item.labelPath === null) return { image, labels: null, unknown: [], hints: [] };
  return { image, ...(await readLabels(item, model)) };
}

// Reads a label file as train ids of the model's classes, and refuses what can't belong to the image.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { IGNORE_LABEL } from "../../../src-shared/labels/ignore-label.ts";
import { type LabelEncoding, labelIdToTrainId } from "../../../src-shared/labels/label-id-to-train-id.ts";
import { decodeLabelMap } from "../../engine/images/decode-label-map.ts";
import type { LabelMap } from "../../engine/images/rgb-image.ts";

/** trainIds are those of the 19 classes, as in Cityscapes' `_labelTrainIds.png`. */
export type LabelFileEncoding = LabelEncoding | "trainIds";

const NUM_TRAIN_IDS = 19;

export interface SizedImage {
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

/**
 * @param path   of a label PNG
 * @param image  its image: path for messages, and size
 * @returns      train ids below numClasses, 255 where a pixel counts for nothing
 * @throws AppError `label.size`, `label.ids`, and those of decodeLabelMap
 */
export async function loadLabels(
  path: string,
  image: SizedImage,
  encoding: LabelFileEncoding,
  numClasses: number,
): Promise<LabelMap> {
  const map = await decodeLabelMap(path);
  requireEqualSizes(path, map, image);
  // Files of train ids are checked before the table, which would quietly ignore what it does not know.
  if (encoding === "trainIds" || encoding === "bdd" || encoding === "idd") requireTrainIds(path, map);
  const table = labelIdToTrainId(encoding === "trainIds" ? "idd" : encoding, numClasses);
  return { ...map, data: map.data.map((id) => table[id] ?? IGNORE_LABEL) };
}

/** @throws AppError `label.size` */
export function requireEqualSizes(path: string, map: LabelMap, image: SizedImage): void {
  if (map.width === image.width && map.height === image.height) return;
  throw new AppError(
    "label.size",
    `"${path}" has ${map.width} x ${map.height} pixels, its image "${image.path}" ${image.width} x ${image.height}; ` +
      "give the label file of that image in its own size.",
  );
}

function requireTrainIds(path: string, { data }: LabelMap): void {
  let smallest = IGNORE_LABEL;
  for (const id of data) {
    if (id >= NUM_TRAIN_IDS && id < smallest) smallest = id;
  }
  if (smallest === IGNORE_LABEL) return;
  throw new AppError(
    "label.ids",
    `"${path}" holds the id ${smallest}, but train ids are 0 to ${NUM_TRAIN_IDS - 1}, and 255 for no class; ` +
      "if the file holds a data set's own ids, say which with --label-encoding.",
  );
}

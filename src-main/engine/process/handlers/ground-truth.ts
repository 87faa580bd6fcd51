// Reads a label file as a plane of train ids.
import { labelSetOf } from "../../../../src-shared/labels/label-set-data.ts";
import { readLabels } from "../../datasets/read-labels.ts";
import type { Handler } from "../handler.ts";

export const groundTruth: Handler<"groundTruth"> = async ({ imagePath, path, encoding, ...classes }, { signal }) => {
  const source = { imagePath, labelPath: path, labelEncoding: encoding };
  const { labels, unknown } = await readLabels(source, labelSetOf(classes), signal);
  const { width, height, data } = labels;
  return { bytes: data, size: { width, height }, unknown: [...unknown] };
};

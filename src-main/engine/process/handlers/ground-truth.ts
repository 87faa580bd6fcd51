// Reads a label file as a plane of train ids.
import { readLabels } from "../../datasets/read-labels.ts";
import type { Handler } from "../handler.ts";

export const groundTruth: Handler<"groundTruth"> = async ({ imagePath, path, encoding, numClasses }, { signal }) => {
  const source = { imagePath, labelPath: path, labelEncoding: encoding };
  const { labels, unknown } = await readLabels(source, numClasses, signal);
  const { width, height, data } = labels;
  return { bytes: data, size: { width, height }, unknown: [...unknown] };
};

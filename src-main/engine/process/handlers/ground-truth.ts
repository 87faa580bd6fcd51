// Reads a label file as a plane of train ids.
import { readLabelFile } from "../../datasets/read-labels.ts";
import type { Handler } from "../handler.ts";

export const groundTruth: Handler<"groundTruth"> = async ({ path, encoding, numClasses }, { signal }) => {
  const { labels, unknownIds } = await readLabelFile(path, encoding, numClasses, signal);
  const { width, height, data } = labels;
  return { bytes: data, size: { width, height }, unknownIds: [...unknownIds] };
};

// A folder that is a known data set, or a part of one: its images with their labels, without being told where they are.
import { stat } from "node:fs/promises";
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import { DatasetReport } from "../../engine/datasets/dataset-report.ts";
import { findEnclosingDataset } from "../../engine/datasets/detect-layout.ts";
import { LAYOUTS } from "../../engine/datasets/layouts.ts";
import { listDataset } from "../../engine/datasets/list-dataset.ts";
import type { RunInput } from "./run-input.ts";
import { stemOf } from "./stem-of.ts";

/**
 * The images that the data set has in the folder; null when it is of no known data set, or holds none of its images.
 *
 * @param say  hears what was found, and what is wrong with it
 */
export async function datasetInputs(folder: string, say: (line: string) => void): Promise<RunInput[] | null> {
  if (!(await isFolder(folder))) return null;
  const dataset = await findEnclosingDataset(folder);
  if (dataset === null) return null;
  const prefix = dataset.below === "" ? "" : `${dataset.below}/`;
  const report = new DatasetReport();
  const inputs: RunInput[] = [];
  for await (const items of listDataset(dataset.root, { layout: dataset.layout, report })) {
    for (const item of items) {
      if (item.key.startsWith(prefix)) inputs.push(inputOfItem(item, item.key.slice(prefix.length)));
    }
  }
  if (inputs.length === 0) return null;
  const labelled = inputs.filter(({ labelPath }) => labelPath !== null).length;
  say(`"${folder}" is ${LAYOUTS[dataset.layout].name}: ${inputs.length} images, ${labelled} of them with labels.`);
  for (const { path, message } of report.lines) {
    if (path.startsWith(prefix)) say(message);
  }
  return inputs;
}

/** @param key  below the folder that was named */
export function inputOfItem({ imagePath, labelPath, labelEncoding }: DatasetItem, key: string): RunInput {
  return { path: imagePath, name: stemOf(key), labelPath, ...(labelEncoding === null ? {} : { labelEncoding }) };
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false, // findImages will say what is missing
  );
}

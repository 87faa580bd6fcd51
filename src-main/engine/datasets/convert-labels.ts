// Converts the label files of a data set to train ids, once and for all, as training programs of domain adaptation want them.
import { dirname, join, relative } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { labelTableFor, type TableEncoding } from "../../../src-shared/labels/dataset-tables.ts";
import { IGNORE_LABEL } from "../../../src-shared/labels/ignore-label.ts";
import { makeFolders } from "../../files/make-folders.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import { decodeLabelMap } from "../images/decode-label-map.ts";
import { encodeLabelPng } from "../images/encode-png.ts";
import type { LabelMap } from "../images/rgb-image.ts";

/** As the original's converter calls them. */
export const CONVERTED_DATASETS = ["cs", "gta", "synthia"] as const;
export type ConvertedDataset = (typeof CONVERTED_DATASETS)[number];

interface Conversion {
  readonly encoding: TableEncoding;
  /** Of the names of its label files. */
  readonly ending: string;
  /** Whether id 0, "unlabeled", counts as a known one. */
  readonly knowsZero: boolean;
}

/** Source: spec "1.2 Offline label conversion". */
const CONVERSIONS: Readonly<Record<ConvertedDataset, Conversion>> = {
  cs: { encoding: "cityscapes", ending: "labelIds.png", knowsZero: true },
  gta: { encoding: "gta", ending: ".png", knowsZero: true },
  synthia: { encoding: "synthia", ending: ".png", knowsZero: false },
};
const NUM_CLASSES = 19;

/** Whether a file of this name is one of the data set's label files. */
export function isConverted(name: string, dataset: ConvertedDataset): boolean {
  return name.endsWith(CONVERSIONS[dataset].ending);
}

/** Train ids of the 19 classes; null for an image without any known id, which the original leaves out. */
export function convertedLabels(ids: LabelMap, dataset: ConvertedDataset): LabelMap | null {
  const { encoding, knowsZero } = CONVERSIONS[dataset];
  const { trainIds } = labelTableFor(encoding, NUM_CLASSES);
  const data = ids.data.map((id) => trainIds[id] ?? IGNORE_LABEL);
  const hasKnown = data.some((trainId) => trainId !== IGNORE_LABEL) || (knowsZero && ids.data.includes(0));
  return hasKnown ? { ...ids, data } : null;
}

/**
 * Converts one file; its name and the folders between it and the input stay.
 *
 * @returns  the train ids that were written; null for a file that is left out
 * @throws AppError those of the decoder; `output.unwritable`, `output.diskFull`
 */
export async function convertLabelFile(
  path: string,
  input: string,
  output: string,
  dataset: ConvertedDataset,
): Promise<LabelMap | null> {
  const ids = await decodeLabelMap(path, dataset === "synthia" ? "red" : "refused");
  const labels = convertedLabels(ids, dataset);
  if (labels === null) return null;
  const target = join(output, relative(input, path));
  await makeFolders(dirname(target), target);
  await writeFileAtomically(target, await encodeLabelPng(labels));
  return labels;
}

/** Converted files keep their names: below the originals they would take their place, or be converted again. @throws AppError `input.option` */
export function requireApart(input: string, output: string): void {
  const below = relative(input, output);
  const isBelow = below === "" || !(below.startsWith("..") || below.startsWith("/") || /^[a-z]:/i.test(below));
  if (!isBelow) return;
  throw new AppError("input.option", `"${output}" lies in the folder that is converted; choose another, beside it.`);
}

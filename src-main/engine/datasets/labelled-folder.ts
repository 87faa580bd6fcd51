// A folder of images for training, with labels, of whatever layout.
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { labelTableFor } from "../../../src-shared/labels/dataset-tables.ts";
import type { ModelClasses } from "../../../src-shared/labels/label-sets.ts";
import { decodeImage } from "../images/decode-image.ts";
import { withEqualSizes } from "./check-sizes.ts";
import { containedItems } from "./contained-items.ts";
import { DatasetReport } from "./dataset-report.ts";
import type { LabelledImages } from "./labelled-images.ts";
import { listDataset } from "./list-dataset.ts";
import { readLabels } from "./read-labels.ts";
import { reportLabels } from "./report-read.ts";
import { chosenItems, type SplitChoice } from "./split-choice.ts";

export interface FolderOptions extends SplitChoice {
  /** Hears what is wrong with a data set, and goes on hearing while images are read. */
  readonly report?: DatasetReport;
  /** Whether files that links lead out of `root` to are left out. */
  readonly contained?: boolean;
}

/** Labelled images, in order: plain data, from which any thread reads the same images. */
export interface LabelledFiles {
  readonly model: ModelClasses;
  readonly items: readonly DatasetItem[];
}

const DEFAULT_SPLIT: SplitChoice = { split: "train", otherwise: "all" };

/**
 * The images of `root` that have labels in the same size, with the data set's ids as train ids, in the order of
 * `listDataset`. What can't be used is left out, and is in the report.
 *
 * @throws AppError `input.missing`, `input.unreadable` when the folder is not there, or has no image with labels that can be
 *         used (at once); `input.option` for a split that is not there; those of the decoders and of readLabels (when the
 *         image is read)
 * @throws AppError `checkpoint.classes` for labels in a data set's own ids, when the model has none of its classes
 */
export async function openLabelledFolder(
  root: string,
  model: ModelClasses,
  options: Partial<FolderOptions> = {},
): Promise<LabelledImages> {
  return readLabelledFiles(
    await listLabelledFolder(root, model, { ...DEFAULT_SPLIT, ...options }),
    options.report ?? new DatasetReport(),
  );
}

/** Lists them, once for all who read. @throws AppError as `openLabelledFolder` does at once */
export async function listLabelledFolder(
  root: string,
  model: ModelClasses,
  { report = new DatasetReport(), contained = false, ...choice }: FolderOptions,
): Promise<LabelledFiles> {
  const listed: DatasetItem[] = [];
  for await (const items of listDataset(root, { report })) listed.push(...items);
  const chosen = chosenItems(listed, choice, root, report).filter(({ labelPath }) => labelPath !== null);
  requireClasses(chosen, model);
  const items = await withEqualSizes(contained ? await containedItems(root, chosen, report) : chosen, report);
  if (items.length > 0) return { model, items };
  const [line] = report.lines;
  throw new AppError(
    "input.unreadable",
    `"${root}" holds no images with labels that can be used. ${line?.message ?? ""}`.trimEnd(),
  );
}

/** @param report  hears of what is of no class */
export function readLabelledFiles({ items, model }: LabelledFiles, report: DatasetReport): LabelledImages {
  return {
    count: items.length,
    read: async (index) => {
      const item = items[index];
      if (item === undefined) throw new RangeError(`image ${index} of ${items.length}`);
      const [image, read] = await Promise.all([decodeImage(item.imagePath), readLabels(item, model)]);
      reportLabels(report, { path: item.labelPath ?? item.key, encoding: item.labelEncoding }, read);
      return { image, labels: read.labels };
    },
  };
}

/** Refuses, before anything is read, classes that have nothing in common with a data set's. */
function requireClasses(items: readonly DatasetItem[], model: ModelClasses): void {
  const encodings = new Set(items.map(({ labelEncoding }) => labelEncoding));
  for (const encoding of encodings) {
    if (encoding !== null && encoding !== "named" && encoding !== "polygons") labelTableFor(encoding, model);
  }
}

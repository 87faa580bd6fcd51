// A folder of labelled images for training: images/ and labels/, or a data set of a known layout.
import { readdir } from "node:fs/promises";
import { join, parse } from "node:path";
import type { DatasetItem, DatasetLayout } from "../../../src-shared/contract/dataset.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { IGNORE_LABEL } from "../../../src-shared/labels/ignore-label.ts";
import { labelSetFor } from "../../../src-shared/labels/label-sets.ts";
import { inputErrorFrom } from "../files/read-input-file.ts";
import { decodeImage } from "../images/decode-image.ts";
import { decodeLabelMap } from "../images/decode-label-map.ts";
import { withEqualSizes } from "./check-sizes.ts";
import { containedItems, requireContained } from "./contained-items.ts";
import { DatasetReport } from "./dataset-report.ts";
import { detectLayout } from "./detect-layout.ts";
import type { LabelledImage, LabelledImages } from "./labelled-images.ts";
import { listDataset } from "./list-dataset.ts";
import { mapInParallel } from "./map-in-parallel.ts";
import { isInSplit } from "./published-splits.ts";
import { readLabels, reportUnknownIds } from "./read-labels.ts";

const IMAGE_EXTENSIONS: readonly string[] = [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"];

export interface LabelledFolderOptions {
  /** Of a known data set; null, and where it has no such split, all of it. */
  readonly split?: string | null;
  /** Hears what is wrong with a known data set, and goes on hearing while images are read. */
  readonly report?: DatasetReport;
  /** Whether files that links lead out of `root` to are refused: of a known data set they are left out. */
  readonly contained?: boolean;
}

/**
 * The images of `root`/images with the train ids of `root`/labels (PNG), in the order of their names; or, where `root`
 * is a known data set, its images that have labels in the same size, with the data set's ids as train ids.
 *
 * @throws AppError `input.missing`, `input.unreadable` when a folder is not there or empty, or a label file is missing
 *         (at once); `input.outside` for a file that is not to be read (at once); and those of the decoders, `label.size` and `label.ids` (when the image is read)
 * @throws AppError `checkpoint.classes` for a known data set, when numClasses is neither 19 nor 16
 */
export async function openLabelledFolder(
  root: string,
  numClasses: number,
  { split = "train", report = new DatasetReport(), contained = false }: LabelledFolderOptions = {},
): Promise<LabelledImages> {
  const layout = await detectLayout(root);
  if (layout !== "labelled-images" && layout !== "images") {
    return openDataset(root, layout, numClasses, { split, report, contained });
  }
  const images = (await filesOf(join(root, "images"))).filter((name) =>
    IMAGE_EXTENSIONS.includes(parse(name).ext.toLowerCase()),
  );
  if (images.length === 0) {
    throw new AppError("input.unreadable", `"${join(root, "images")}" holds no images; put PNG or JPEG files there.`);
  }
  const labels = new Set(await filesOf(join(root, "labels")));
  const pairs = images.map((name) => {
    const label = `${parse(name).name}.png`;
    if (labels.has(label)) return { image: join(root, "images", name), label: join(root, "labels", label) };
    throw new AppError(
      "input.missing",
      `"${join(root, "labels", label)}" is not there, the labels of "${name}"; add it.`,
    );
  });
  if (contained) {
    await mapInParallel(pairs, ({ image, label }) => requireContained(root, { imagePath: image, labelPath: label }));
  }
  return {
    count: pairs.length,
    read: (index) => {
      const pair = pairs[index];
      if (pair === undefined) throw new RangeError(`image ${index} of ${pairs.length}`);
      return readPair(pair, numClasses);
    },
  };
}

async function openDataset(
  root: string,
  layout: DatasetLayout,
  numClasses: number,
  { split, report, contained }: Required<LabelledFolderOptions>,
): Promise<LabelledImages> {
  labelSetFor(numClasses); // refuses before anything is listed
  const labelled: DatasetItem[] = [];
  for await (const items of listDataset(root, { layout, report })) {
    labelled.push(...items.filter(({ labelPath }) => labelPath !== null));
  }
  const ofSplit = split === null ? [] : labelled.filter((item) => isInSplit(item, split));
  const chosen = ofSplit.length > 0 ? ofSplit : labelled;
  const usable = await withEqualSizes(contained ? await containedItems(root, chosen, report) : chosen, report);
  if (usable.length === 0) {
    const [line] = report.lines;
    throw new AppError(
      "input.unreadable",
      `"${root}" holds no images with labels that can be used. ${line?.message ?? ""}`.trimEnd(),
    );
  }
  return {
    count: usable.length,
    read: async (index) => {
      const item = usable[index];
      if (item === undefined) throw new RangeError(`image ${index} of ${usable.length}`);
      const [image, { labels, unknownIds }] = await Promise.all([
        decodeImage(item.imagePath),
        readLabels(item, numClasses),
      ]);
      reportUnknownIds(report, item.key, unknownIds);
      return { image, labels };
    },
  };
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (cause) {
    throw inputErrorFrom(folder, cause);
  }
}

async function readPair(pair: { image: string; label: string }, numClasses: number): Promise<LabelledImage> {
  const [image, labels] = await Promise.all([decodeImage(pair.image), decodeLabelMap(pair.label)]);
  if (image.width !== labels.width || image.height !== labels.height) {
    throw new AppError(
      "label.size",
      `"${pair.label}" is ${labels.width} x ${labels.height}, its image ${image.width} x ${image.height}; ` +
        "labels and image have the same size.",
    );
  }
  const stranger = labels.data.find((id) => id >= numClasses && id !== IGNORE_LABEL);
  if (stranger !== undefined) {
    throw new AppError(
      "label.ids",
      `"${pair.label}" holds the id ${stranger}; training wants train ids 0 to ${numClasses - 1}, and 255 for "ignored".`,
    );
  }
  return { image, labels };
}

// A folder of images for training, mostly with labels: images/ and labels/, or a data set of a known layout.
import { readdir } from "node:fs/promises";
import { join, parse } from "node:path";
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
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
import { readLabels, reportUnknownIds } from "./read-labels.ts";
import { chosenItems, type SplitChoice } from "./split-choice.ts";

const IMAGE_EXTENSIONS: readonly string[] = [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"];

export interface FolderOptions extends SplitChoice {
  /** Hears what is wrong with a known data set, and goes on hearing while images are read. */
  readonly report?: DatasetReport;
  /** Whether files that links lead out of `root` to are refused: of a known data set they are left out. */
  readonly contained?: boolean;
}

/** The files of labelled images, in order: plain data, from which any thread reads the same images. */
export interface LabelledFiles {
  readonly numClasses: number;
  readonly files: readonly (
    | { readonly kind: "pair"; readonly image: string; readonly label: string }
    | { readonly kind: "item"; readonly item: DatasetItem }
  )[];
}

const DEFAULT_SPLIT: SplitChoice = { split: "train", otherwise: "all" };

/**
 * The images of `root`/images with the train ids of `root`/labels (PNG), in the order of their names; or, where `root`
 * is a known data set, its images that have labels in the same size, with the data set's ids as train ids.
 *
 * @throws AppError `input.missing`, `input.unreadable` when a folder is not there or empty, or a label file is missing
 *         (at once); `input.outside` for a file that is not to be read (at once); `input.option` for a split that is not there;
 *         and those of the decoders, `label.size` and `label.ids` (when the image is read)
 * @throws AppError `checkpoint.classes` for a known data set, when numClasses is neither 19 nor 16
 */
export async function openLabelledFolder(
  root: string,
  numClasses: number,
  options: Partial<FolderOptions> = {},
): Promise<LabelledImages> {
  return readLabelledFiles(
    await listLabelledFolder(root, numClasses, { ...DEFAULT_SPLIT, ...options }),
    options.report ?? new DatasetReport(),
  );
}

/** Lists them, once for all who read. @throws AppError as `openLabelledFolder` does at once */
export async function listLabelledFolder(
  root: string,
  numClasses: number,
  { report = new DatasetReport(), contained = false, ...choice }: FolderOptions,
): Promise<LabelledFiles> {
  const layout = await detectLayout(root);
  if (layout === "labelled-images" || layout === "images") {
    chosenItems([], choice, root, report); // refuses the name of a split: such a folder has none
    return { numClasses, files: await listPairs(root, contained) };
  }
  labelSetFor(numClasses); // refuses before anything is listed
  const listed: DatasetItem[] = [];
  for await (const items of listDataset(root, { layout, report })) listed.push(...items);
  const chosen = chosenItems(listed, choice, root, report).filter(({ labelPath }) => labelPath !== null);
  const usable = await withEqualSizes(contained ? await containedItems(root, chosen, report) : chosen, report);
  if (usable.length > 0) return { numClasses, files: usable.map((item) => ({ kind: "item", item })) };
  const [line] = report.lines;
  throw new AppError(
    "input.unreadable",
    `"${root}" holds no images with labels that can be used. ${line?.message ?? ""}`.trimEnd(),
  );
}

/** @param report  hears of ids that the data set does not have */
export function readLabelledFiles({ files, numClasses }: LabelledFiles, report: DatasetReport): LabelledImages {
  return {
    count: files.length,
    read: async (index) => {
      const file = files[index];
      if (file === undefined) throw new RangeError(`image ${index} of ${files.length}`);
      if (file.kind === "pair") return readPair(file, numClasses);
      const [image, { labels, unknownIds }] = await Promise.all([
        decodeImage(file.item.imagePath),
        readLabels(file.item, numClasses),
      ]);
      reportUnknownIds(report, file.item.key, unknownIds);
      return { image, labels };
    },
  };
}

async function listPairs(root: string, contained: boolean): Promise<LabelledFiles["files"]> {
  const images = (await filesOf(join(root, "images"))).filter((name) =>
    IMAGE_EXTENSIONS.includes(parse(name).ext.toLowerCase()),
  );
  if (images.length === 0) {
    throw new AppError("input.unreadable", `"${join(root, "images")}" holds no images; put PNG or JPEG files there.`);
  }
  const labels = new Set(await filesOf(join(root, "labels")));
  const pairs = images.map((name) => {
    const label = `${parse(name).name}.png`;
    if (labels.has(label)) {
      return { kind: "pair" as const, image: join(root, "images", name), label: join(root, "labels", label) };
    }
    throw new AppError(
      "input.missing",
      `"${join(root, "labels", label)}" is not there, the labels of "${name}"; add it.`,
    );
  });
  if (contained) {
    await mapInParallel(pairs, ({ image, label }) => requireContained(root, { imagePath: image, labelPath: label }));
  }
  return pairs;
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

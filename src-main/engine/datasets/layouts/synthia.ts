// SYNTHIA-RAND-CITYSCAPES: RGB/NNNNNNN.png with GT/LABELS/NNNNNNN.png, 16-bit colours whose red is the class.
import type { DatasetItem } from "../../../../src-shared/contract/dataset.ts";
import type { DatasetTree } from "../dataset-tree.ts";
import type { LayoutReader } from "../layout.ts";
import { imageStem, type LabelSuffix, pairFolders } from "../pair-folders.ts";
import { readSplitLists, withSplits } from "../splits.ts";
import { listCityFolders } from "./city-folders.ts";

const ROOT_NAME = /synthia/i;
const OWN_SUFFIXES: readonly LabelSuffix[] = [
  { suffix: ".png", encoding: "synthia" },
  { suffix: "_labelTrainIds.png", encoding: "trainIds" },
];
const CONVERTED_SUFFIXES: readonly LabelSuffix[] = [{ suffix: ".png", encoding: "trainIds" }];
/** A re-packaged copy has Cityscapes' folders, but SYNTHIA's ids; only the root's name tells them apart. */
const REPACKAGED_SUFFIXES: readonly LabelSuffix[] = [{ suffix: "_gtFine_labelIds.png", encoding: "synthia" }];
const REPACKAGED_NAME = /^(.+)_leftImg8bit.*\.png$/i;

/** Source: dataset specification, 3.3. */
export const SYNTHIA: LayoutReader = {
  id: "synthia",
  name: "SYNTHIA-RAND-CITYSCAPES",
  matches: async (tree) => {
    if (await isRepackaged(tree)) return true;
    if (!(await tree.hasFolder("RGB"))) return false;
    return ROOT_NAME.test(tree.name) || (await tree.hasFolder("GT/LABELS")) || (await tree.hasFolder("labels_cs"));
  },
  list: async function* (tree) {
    if (await isRepackaged(tree)) yield* listRepackaged(tree);
    else yield* listOriginal(tree);
  },
};

async function isRepackaged(tree: DatasetTree): Promise<boolean> {
  return ROOT_NAME.test(tree.name) && (await tree.hasFolder("leftImg8bit"));
}

async function* listOriginal(tree: DatasetTree): AsyncGenerator<DatasetItem[]> {
  const isConverted = !(await tree.hasFolder("GT/LABELS")) && (await tree.hasFolder("labels_cs"));
  const labels = isConverted ? "labels_cs" : "GT/LABELS";
  if (!(await tree.hasFolder(labels))) tree.reportMissingFolder(labels, "labels");
  const splitOf = await readSplitLists(tree);
  const frames = pairFolders(tree, {
    images: "RGB",
    labels: [labels],
    stemOf: imageStem,
    suffixes: isConverted ? CONVERTED_SUFFIXES : OWN_SUFFIXES,
    split: null,
    domain: null,
    tags: [],
    isComplete: true,
  });
  for await (const items of frames) yield withSplits(items, splitOf);
}

function listRepackaged(tree: DatasetTree): AsyncGenerator<DatasetItem[]> {
  return listCityFolders(tree, {
    images: "leftImg8bit",
    labels: "gtFine",
    stemOf: (name) => REPACKAGED_NAME.exec(name)?.[1] ?? null,
    suffixes: REPACKAGED_SUFFIXES,
    tags: () => [],
    isLabelled: () => true,
    isComplete: true,
  });
}

// Cityscapes: leftImg8bit/<split>/<city>/*_leftImg8bit.png with gtFine/<split>/<city>/*_gtFine_labelIds.png.
import type { DatasetTree } from "../dataset-tree.ts";
import type { LayoutReader } from "../layout.ts";
import { type LabelSuffix, stemBefore } from "../pair-folders.ts";
import { CITYSCAPES_SUFFIXES, isNotTest, listCityFolders } from "./city-folders.ts";

/** `gtFine2` is what some training programs write: train ids in files that are called labelIds all the same. */
const CONVERTED_SUFFIXES: readonly LabelSuffix[] = CITYSCAPES_SUFFIXES.filter(
  ({ encoding }) => encoding !== "polygons",
).map(({ suffix }) => ({ suffix, encoding: "trainIds" }));

/** Source: dataset specification, 3.1 and 9.1. */
export const CITYSCAPES: LayoutReader = {
  id: "cityscapes",
  name: "Cityscapes",
  matches: (tree) => tree.hasFolder("leftImg8bit"),
  list: async function* (tree) {
    const isConverted = await hasOnlyConverted(tree);
    yield* listCityFolders(tree, {
      images: "leftImg8bit",
      labels: isConverted ? "gtFine2" : "gtFine",
      stemOf: stemBefore("_leftImg8bit"),
      suffixes: isConverted ? CONVERTED_SUFFIXES : CITYSCAPES_SUFFIXES,
      tags: () => [],
      isLabelled: isNotTest,
      isComplete: true,
    });
  },
};

async function hasOnlyConverted(tree: DatasetTree): Promise<boolean> {
  return !(await tree.hasFolder("gtFine")) && (await tree.hasFolder("gtFine2"));
}

// IDD: leftImg8bit/<split>/<drive>/*_leftImg8bit.png, drives are numbers; labels are rendered from gtFine's polygons.
import type { DatasetItem } from "../../../../src-shared/contract/dataset.ts";
import { counted } from "../dataset-report.ts";
import { type DatasetTree, joined } from "../dataset-tree.ts";
import type { LayoutReader } from "../layout.ts";
import { type LabelSuffix, stemBefore } from "../pair-folders.ts";
import { SPLITS } from "../splits.ts";
import { isNotTest, listCityFolders } from "./city-folders.ts";

const POLYGONS = "_gtFine_polygons.json";
const SUFFIXES: readonly LabelSuffix[] = [
  { suffix: "_gtFine_labelcsTrainIds.png", encoding: "trainIds" },
  { suffix: "_gtFine_labelids.png", encoding: "iddIds" },
  { suffix: POLYGONS, encoding: "polygons" },
];
/** Files of other ids that the publisher's tools render. */
const OTHER_LEVEL = /_gtFine_(labellevel\dIds)\.png$/i;
const DRIVE = /^\d+$/;

/** Source: dataset specification, 3.5. */
export const IDD: LayoutReader = {
  id: "idd",
  name: "IDD (India Driving Dataset)",
  matches: async (tree) => {
    for (const split of SPLITS) {
      if ((await tree.sniff(joined("leftImg8bit", split))).some((name) => DRIVE.test(name))) return true;
    }
    return false;
  },
  list: async function* (tree) {
    const drives = listCityFolders(tree, {
      images: "leftImg8bit",
      labels: "gtFine",
      stemOf: stemBefore("_leftImg8bit"),
      suffixes: SUFFIXES,
      tags: () => [],
      isLabelled: isNotTest,
      isComplete: true,
    });
    for await (const items of drives) {
      await reportOtherLevels(tree, items);
      yield items;
    }
  },
};

/** Of a drive for which such files were rendered, and none that can be used. */
async function reportOtherLevels(tree: DatasetTree, items: readonly DatasetItem[]): Promise<void> {
  const [first] = items;
  if (first === undefined || first.split === null || !isNotTest(first.split)) return;
  if (items.some(({ labelEncoding }) => labelEncoding !== null && labelEncoding !== "polygons")) return;
  const folder = joined("gtFine", first.split, first.tags[0] ?? "");
  for (const name of (await tree.read(folder)).files) {
    if (OTHER_LEVEL.test(name)) reportOtherLevel(tree, joined(folder, name));
  }
}

function reportOtherLevel(tree: DatasetTree, path: string): void {
  const level = OTHER_LEVEL.exec(path)?.[1] ?? "";
  const describe = (count: number, first: string) =>
    `${counted(count, "label file")} such as "${first}" ${count === 1 ? "holds" : "hold"} ${level}, which join classes that ` +
    "Cityscapes keeps apart, and can't be used; labels are drawn from the polygons, where these are there.";
  tree.report.add("dataset.labelsOfOtherIds", path, describe, level);
}

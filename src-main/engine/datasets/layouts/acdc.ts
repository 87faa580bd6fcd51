// ACDC: fog, night, rain and snow. The labels of its test images are withheld.
import type { LayoutReader } from "../layout.ts";
import { acdcConditions, listAcdc } from "./acdc-folders.ts";
import { isNotTest } from "./city-folders.ts";

const FLAT_SPLITS: readonly string[] = ["rgb_anon/train", "rgb_anon/val"];

/** Source: dataset specification, 3.8. */
export const ACDC: LayoutReader = {
  id: "acdc",
  name: "ACDC",
  matches: async (tree) => {
    if ((await acdcConditions(tree)).length > 0) return true;
    const names = (await Promise.all(FLAT_SPLITS.map((folder) => tree.sniff(folder)))).flat();
    return names.some((name) => name.endsWith("_rgb_anon.png"));
  },
  list: (tree) =>
    listAcdc(tree, {
      imageSuffix: "_rgb_anon",
      suffixes: [
        { suffix: "_gt_labelTrainIds.png", encoding: "trainIds" },
        { suffix: "_gt_labelIds.png", encoding: "cityscapes" },
      ],
      splitSuffix: "",
      tags: [],
      isComplete: isNotTest,
    }),
};

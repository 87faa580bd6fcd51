// WildDash 2: images/*.jpg with panoptic/*.png and panoptic.json, or with labels/*.png of 8-bit ids.
import type { LayoutReader } from "../layout.ts";
import { imageStem, pairFolders } from "../pair-folders.ts";

const ROOT_NAME = /wild_?dash|wd_public/i;
const PANOPTIC_LIST = "panoptic.json";

/** Source: dataset specification, 3.7. */
export const WILDDASH: LayoutReader = {
  id: "wilddash",
  name: "WildDash 2",
  matches: async (tree) => {
    if (!(await tree.hasFolder("images"))) return false;
    if (ROOT_NAME.test(tree.name)) return true;
    return (await tree.hasFile(PANOPTIC_LIST)) && (await tree.hasFolder("panoptic"));
  },
  list: async function* (tree) {
    // The publisher's own labels first: 8-bit ids have an older table with fewer classes.
    const isPanoptic = (await tree.hasFolder("panoptic")) && (await tree.hasFile(PANOPTIC_LIST));
    const labels = isPanoptic ? "panoptic" : "labels";
    if (!(await tree.hasFolder(labels))) tree.reportMissingFolder(labels, "labels");
    yield* pairFolders(tree, {
      images: "images",
      labels: [labels],
      stemOf: imageStem,
      suffixes: [{ suffix: ".png", encoding: isPanoptic ? "wilddash2" : "wilddash" }],
      split: null,
      domain: null,
      tags: [],
      isComplete: true,
    });
  },
};

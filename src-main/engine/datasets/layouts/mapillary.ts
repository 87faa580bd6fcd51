// Mapillary Vistas 1.2: training/images/*.jpg with training/v1.2/labels/*.png, palette images whose index is the id.
import { joined } from "../dataset-tree.ts";
import type { LayoutReader } from "../layout.ts";
import { imageStem, pairFolders } from "../pair-folders.ts";

const SPLIT_FOLDERS = [
  { folder: "training", split: "train", isLabelled: true },
  { folder: "validation", split: "val", isLabelled: true },
  { folder: "testing", split: "test", isLabelled: false },
] as const;

/** Source: dataset specification, 3.6. */
export const MAPILLARY: LayoutReader = {
  id: "mapillary",
  name: "Mapillary Vistas 1.2",
  matches: async (tree) => (await tree.hasFolder("training/images")) || (await tree.hasFolder("validation/images")),
  list: async function* (tree) {
    for (const { folder, split, isLabelled } of SPLIT_FOLDERS) {
      if (!(await tree.hasFolder(joined(folder, "images")))) continue;
      const labels = joined(folder, "v1.2/labels");
      if (isLabelled && !(await tree.hasFolder(labels))) tree.reportMissingFolder(labels, "labels of version 1.2");
      yield* pairFolders(tree, {
        images: joined(folder, "images"),
        labels: isLabelled ? [labels] : [],
        stemOf: imageStem,
        suffixes: [{ suffix: ".png", encoding: "mapillary" }],
        split,
        domain: null,
        tags: [],
        isComplete: isLabelled,
      });
    }
  },
};

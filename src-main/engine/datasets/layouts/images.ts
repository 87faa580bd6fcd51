// A plain folder: all images in it and in its subfolders, without labels.
import { isLabelFileName } from "../label-file-names.ts";
import type { LayoutReader } from "../layout.ts";
import { isImageName, pairFolders } from "../pair-folders.ts";

export const IMAGES: LayoutReader = {
  id: "images",
  name: "A folder of images",
  matches: async () => true,
  list: async function* (tree) {
    for await (const path of tree.foldersBelow("", holdsLabels)) {
      yield* pairFolders(tree, {
        images: path,
        labels: [],
        stemOf: (name) => (isImageName(name) && !isLabelFileName(name) ? name : null),
        suffixes: [],
        split: null,
        domain: null,
        tags: path === "" ? [] : [path],
        isComplete: false,
      });
    }
  },
};

/** Beside a folder `images`, a folder `labels` holds just these. */
function holdsLabels(path: string, siblings: readonly string[]): boolean {
  return path.slice(path.lastIndexOf("/") + 1) === "labels" && siblings.includes("images");
}

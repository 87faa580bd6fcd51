// A plain folder: all images in it and in its subfolders; masks that lie between are told from them.
import type { LayoutReader } from "../layout.ts";
import { listOwnFolders } from "../own-folders.ts";

export const IMAGES: LayoutReader = {
  id: "images",
  name: "A folder of images",
  matches: async () => true,
  list: (tree) => listOwnFolders(tree, { tellsDomains: false }),
};

// images/ and labels/ of train ids, of no particular data set.
import type { LayoutReader } from "../layout.ts";
import { hasImageFolder, listImageFolder } from "./image-folder.ts";

export const LABELLED_IMAGES: LayoutReader = {
  id: "labelled-images",
  name: "A folder of images with a folder of labels",
  matches: async (tree) => (await tree.hasFolder("labels")) && (await hasImageFolder(tree, "")),
  list: (tree) => listImageFolder(tree, "", null),
};

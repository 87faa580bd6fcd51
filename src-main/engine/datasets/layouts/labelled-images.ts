// Images and label files of no particular data set: images/ and labels/, or as labelling tools lay them out.
import type { DatasetTree } from "../dataset-tree.ts";
import { joined } from "../dataset-tree.ts";
import { type FolderRole, imageStemOfMask, isCamvidFolder, roleOfFolder, sharedName } from "../folder-roles.ts";
import type { LayoutReader } from "../layout.ts";
import { listOwnFolders } from "../own-folders.ts";
import { imageStem } from "../pair-folders.ts";

export const LABELLED_IMAGES: LayoutReader = {
  id: "labelled-images",
  name: "A folder of images with a folder of labels",
  matches: async (tree) => {
    const names = await tree.sniff("");
    if (await hasLabels(tree, "", names)) return true;
    for (const name of names) {
      if (await hasLabels(tree, name, await tree.sniff(name))) return true;
    }
    return false;
  },
  list: (tree) => listOwnFolders(tree, { tellsDomains: true }),
};

/** Whether a folder of images and one of labels lie side by side in it, or masks that are called so. */
async function hasLabels(tree: DatasetTree, folder: string, names: readonly string[]): Promise<boolean> {
  if (names.some((name) => isCamvidFolder(name))) return true;
  if (hasMasksBeside(names)) return true;
  const roles = names.map(roleOfFolder);
  if (!roles.includes("labels")) return false;
  const shared = new Set(names.filter((_, index) => roles[index] === "labels").map(sharedName));
  // "train" beside "train_labels" holds images.
  const isImages = (name: string, role: FolderRole | null) => role === "images" || (role === null && shared.has(name));
  const images = names.filter((name, index) => isImages(name, roles[index] ?? null));
  const isFolder = await Promise.all(images.map((name) => tree.hasFolder(joined(folder, name))));
  return isFolder.includes(true);
}

function hasMasksBeside(names: readonly string[]): boolean {
  const stems = new Set(names.map((name) => imageStem(name)?.toLowerCase()));
  return names.some((name) => {
    const stem = imageStem(name);
    const image = stem === null ? null : imageStemOfMask(stem);
    return image !== null && stems.has(image.toLowerCase());
  });
}

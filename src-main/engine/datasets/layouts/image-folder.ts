// A folder images/ with a folder labels/ beside it: files and subfolders of the same names belong together.

import type { DatasetItem } from "../../../../src-shared/contract/dataset.ts";
import { SAMPLE_DOMAINS } from "../../../../src-shared/contract/sample-domains.ts";
import type { DatasetEncoding } from "../../../../src-shared/labels/dataset-tables.ts";
import { isImageName } from "../../images/image-formats.ts";
import { hasClassList } from "../class-list.ts";
import { type DatasetTree, joined } from "../dataset-tree.ts";
import { imageStem, pairFolders } from "../pair-folders.ts";
import { SPLITS } from "../splits.ts";

/** Formats in which ids last. */
const POLYGON_ENDINGS: readonly string[] = [".json", ".txt"];
const LABEL_ENDINGS: readonly string[] = [".png", ".bmp", ".tif", ".tiff", ".gif", ".webp"];

export async function hasImageFolder(tree: DatasetTree, folder: string): Promise<boolean> {
  const names = await tree.sniff(joined(folder, "images"));
  return names.some((name) => isImageName(name) || SPLITS.includes(name));
}

/**
 * Folder by folder. A subfolder called train, val or test is a split; other subfolders become tags, and the outermost of
 * them is the domain.
 *
 * @param domain  of all items, where the folder stands for one; it is their split too, unless they have another
 * @throws CancelledError
 */
export async function* listImageFolder(
  tree: DatasetTree,
  folder: string,
  domain: string | null,
): AsyncGenerator<DatasetItem[]> {
  const [images, labels] = [joined(folder, "images"), joined(folder, "labels")];
  const above = await Promise.all([tree.sniff(""), tree.sniff(folder), tree.sniff(labels)]);
  // The built-in sample's are Cityscapes', whatever model they are compared with.
  const isSample = SAMPLE_DOMAINS.some((name) => name === domain);
  const encoding: DatasetEncoding = hasClassList(above.flat()) ? "named" : isSample ? "trainIds" : "ownIds";
  if (!(await tree.hasFolder(labels))) tree.reportMissingFolder(labels, "labels");
  for await (const path of tree.foldersBelow(images)) {
    const below = path.slice(images.length + 1);
    const parts = below.split("/").filter((part) => part !== "");
    const names = [...(domain === null ? [] : [domain]), ...parts.filter((part) => !SPLITS.includes(part))];
    yield* pairFolders(tree, {
      images: path,
      labels: [joined(labels, below)],
      stemOf: imageStem,
      suffixes: [
        ...LABEL_ENDINGS.map((suffix) => ({ suffix, encoding })),
        ...POLYGON_ENDINGS.map((suffix) => ({ suffix, encoding: "polygons" as const })),
      ],
      split: parts.find((part) => SPLITS.includes(part)) ?? domain,
      domain: names[0] ?? null,
      tags: names,
      isComplete: await tree.hasFolder(labels),
    });
  }
}

// BDD100K's 10,000 images with segmentation: images/10k/<split>/ with labels/sem_seg/masks/<split>/, or the older names.
import type { DatasetItem } from "../../../../src-shared/contract/dataset.ts";
import { type DatasetTree, joined } from "../dataset-tree.ts";
import type { LayoutReader } from "../layout.ts";
import { imageStem, type LabelSuffix, pairFolders } from "../pair-folders.ts";
import { inSplitOrder, SPLITS } from "../splits.ts";

/** Archives unpack into the root itself or into one of these. */
const PREFIXES: readonly string[] = ["", "bdd100k", "seg"];
const ROOT_NAME = /bdd/i;

export interface BddRelease {
  readonly images: string;
  readonly labels: string;
  readonly suffixes: readonly LabelSuffix[];
}

/** Source: dataset specification, 3.4. */
export const BDD100K: LayoutReader = {
  id: "bdd100k",
  name: "BDD100K (segmentation, 10k)",
  matches: async (tree) => (await findBddRelease(tree)) !== null,
  list: listBdd,
};

/** The newer release, else the older one; null when the folder has neither. */
export async function findBddRelease(tree: DatasetTree): Promise<BddRelease | null> {
  for (const prefix of PREFIXES) {
    const newer = newerRelease(prefix);
    if (await tree.hasFolder(newer.images)) return newer;
    const older = olderRelease(prefix);
    if (await isOlderRelease(tree, prefix, older)) return older;
  }
  return null;
}

/** Split by split. @throws CancelledError */
export async function* listBdd(tree: DatasetTree): AsyncGenerator<DatasetItem[]> {
  const release = (await findBddRelease(tree)) ?? newerRelease("");
  if (!(await tree.hasFolder(release.labels))) tree.reportMissingFolder(release.labels, "labels");
  for (const split of inSplitOrder((await tree.read(release.images)).folders)) {
    if (!SPLITS.includes(split)) continue;
    const isLabelled = split !== "test"; // withheld by the publisher
    yield* pairFolders(tree, {
      images: joined(release.images, split),
      labels: isLabelled ? [joined(release.labels, split)] : [],
      stemOf: imageStem,
      suffixes: release.suffixes,
      split,
      domain: null,
      tags: [],
      isComplete: isLabelled,
    });
  }
}

function newerRelease(prefix: string): BddRelease {
  return {
    images: joined(prefix, "images/10k"),
    labels: joined(prefix, "labels/sem_seg/masks"),
    suffixes: [{ suffix: ".png", encoding: "trainIds" }],
  };
}

function olderRelease(prefix: string): BddRelease {
  return {
    images: joined(prefix, "images"),
    labels: joined(prefix, "labels"),
    suffixes: [{ suffix: "_train_id.png", encoding: "trainIds" }],
  };
}

/** Anybody may have images/train and labels/train; the names of the label files, or of a folder, tell. */
async function isOlderRelease(tree: DatasetTree, prefix: string, { images, labels }: BddRelease): Promise<boolean> {
  for (const split of SPLITS) {
    if (!(await tree.hasFolder(joined(images, split)))) continue;
    if (prefix !== "" || ROOT_NAME.test(tree.name)) return true;
    if ((await tree.sniff(joined(labels, split))).some((name) => name.endsWith("_train_id.png"))) return true;
  }
  return false;
}

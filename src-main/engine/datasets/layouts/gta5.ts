// GTA5 ("Playing for Data"): images/NNNNN.png with labels/NNNNN.png, palette images whose index is the id.
import type { DatasetItem } from "../../../../src-shared/contract/dataset.ts";
import { type ImageHeader, readImageHeader } from "../../images/read-image-header.ts";
import { counted } from "../dataset-report.ts";
import { type DatasetTree, joined } from "../dataset-tree.ts";
import type { LayoutReader } from "../layout.ts";
import { readMatSplit } from "../mat-split.ts";
import { type LabelSuffix, pairFolders } from "../pair-folders.ts";
import { inSplitOrder, readSplitLists, SPLITS, withSplits } from "../splits.ts";

const FRAME = /^(\d{5})\.png$/i;
const ROOT_NAME = /gta|playing.?for.?data/i;
const OWN_SUFFIXES: readonly LabelSuffix[] = [
  { suffix: ".png", encoding: "gta" },
  { suffix: "_labelTrainIds.png", encoding: "trainIds" },
];
const CONVERTED_SUFFIXES: readonly LabelSuffix[] = [{ suffix: ".png", encoding: "trainIds" }];
const SPLIT_FILE = "split.mat";

/** Frames whose image and labels differ in size, and frames that show one flat colour. */
const FIRST_OF_OTHER_SIZE = 20801;
const LAST_OF_OTHER_SIZE = 20860;
const FLAT_FRAMES: readonly number[] = [15188, 17705];

/** Source: dataset specification, 3.2. */
export const GTA5: LayoutReader = {
  id: "gta5",
  name: "GTA5 (Playing for Data)",
  matches: async (tree) => (await imageFolders(tree)).length > 0 && (await looksLikeGta(tree)),
  list: async function* (tree) {
    const isConverted = await hasOnlyConverted(tree);
    const labels = isConverted ? "labels_cs" : "labels";
    if (!(await tree.hasFolder(labels))) tree.reportMissingFolder(labels, "labels");
    for (const split of await imageFolders(tree)) {
      const frames = pairFolders(tree, {
        images: joined("images", split),
        labels: [joined(labels, split)],
        stemOf: (name) => FRAME.exec(name)?.[1] ?? null,
        suffixes: isConverted ? CONVERTED_SUFFIXES : OWN_SUFFIXES,
        split: split === "" ? null : split,
        domain: null,
        tags: [],
        isComplete: true,
      });
      const splitOf = split === "" ? await listedSplits(tree) : new Map<string, string>();
      for await (const items of frames) yield withSplits(withoutBroken(tree, items), splitOf);
    }
  },
};

/** Below `images`: "" where the frames lie in it directly, else the splits; nothing where there are no frames. */
async function imageFolders(tree: DatasetTree): Promise<string[]> {
  const names = await tree.sniff("images");
  if (names.some((name) => FRAME.test(name))) return [""];
  const splits = names.filter((name) => SPLITS.includes(name));
  for (const split of splits) {
    if ((await tree.sniff(joined("images", split))).some((name) => FRAME.test(name))) return inSplitOrder(splits);
  }
  return [];
}

/**
 * Five digits alone could be anybody's frames: GTA5's labels have a palette, or converted ones beside them. Names count
 * only where there is no label file to look at.
 */
async function looksLikeGta(tree: DatasetTree): Promise<boolean> {
  for (const folder of ["labels", ...SPLITS.map((split) => joined("labels", split))]) {
    const names = await tree.sniff(folder);
    if (names.some((name) => name.endsWith("_labelTrainIds.png"))) return true;
    const frame = names.find((name) => FRAME.test(name));
    const header = frame === undefined ? null : await headerOf(tree.path(joined(folder, frame)));
    if (header !== null) return header.hasPalette;
  }
  return ROOT_NAME.test(tree.name) || (await tree.hasFolder("labels_cs")) || (await tree.hasFile(SPLIT_FILE));
}

function headerOf(path: string): Promise<ImageHeader | null> {
  return readImageHeader(path).catch(() => null); // a damaged file says nothing
}

async function hasOnlyConverted(tree: DatasetTree): Promise<boolean> {
  return !(await tree.hasFolder("labels")) && (await tree.hasFolder("labels_cs"));
}

/** The publisher's `split.mat`, else lists in the root. */
async function listedSplits(tree: DatasetTree): Promise<Map<string, string>> {
  if (!(await tree.hasFile(SPLIT_FILE))) return readSplitLists(tree);
  const members = [
    ["trainIds", "train"],
    ["valIds", "val"],
    ["testIds", "test"],
  ] as const;
  const ids = await readMatSplit(tree, SPLIT_FILE);
  return new Map(
    members.flatMap(([member, split]) =>
      (ids.get(member) ?? []).map((id): [string, string] => [String(id).padStart(5, "0"), split]),
    ),
  );
}

function withoutBroken(tree: DatasetTree, items: readonly DatasetItem[]): DatasetItem[] {
  return items.filter(({ key }) => {
    const frame = Number.parseInt(key.slice(key.lastIndexOf("/") + 1), 10);
    if (frame >= FIRST_OF_OTHER_SIZE && frame <= LAST_OF_OTHER_SIZE) {
      const describe = (count: number) =>
        `${counted(count, "frame")} of ${FIRST_OF_OTHER_SIZE} to ${LAST_OF_OTHER_SIZE} left out: image and labels are known to differ in size.`;
      tree.report.add("dataset.knownBroken", key, describe, "size");
      return false;
    }
    if (FLAT_FRAMES.includes(frame)) {
      const describe = (count: number) =>
        `${counted(count, "frame")} of ${FLAT_FRAMES.join(" and ")} left out: the image is known to be one flat colour.`;
      tree.report.add("dataset.knownBroken", key, describe, "flat");
      return false;
    }
    return true;
  });
}

// What ACDC and its reference images share: rgb_anon/<condition>/<split>/<sequence>/ beside gt/, or flattened by split.
import type { DatasetItem } from "../../../../src-shared/contract/dataset.ts";
import { type DatasetTree, joined } from "../dataset-tree.ts";
import { type LabelSuffix, pairFolders, stemBefore } from "../pair-folders.ts";
import { SPLITS } from "../splits.ts";

const CONDITIONS: readonly string[] = ["fog", "night", "rain", "snow"];
const SEQUENCE = /^(GOPR\d+|GP\d+)_/;

export interface AcdcFolders {
  /** `_rgb_anon` or `_rgb_ref_anon`, without the extension. */
  readonly imageSuffix: string;
  readonly suffixes: readonly LabelSuffix[];
  /** What follows the split in the name of an image folder. */
  readonly splitSuffix: string;
  readonly tags: readonly string[];
  readonly isComplete: (split: string) => boolean;
}

/** Conditions, as the publisher has them; none in a flattened copy. */
export async function acdcConditions(tree: DatasetTree): Promise<string[]> {
  const names = await tree.sniff("rgb_anon");
  return CONDITIONS.filter((condition) => names.includes(condition));
}

/** Sequence by sequence. @throws CancelledError */
export async function* listAcdc(tree: DatasetTree, layout: AcdcFolders): AsyncGenerator<DatasetItem[]> {
  if (!(await tree.hasFolder("gt"))) tree.reportMissingFolder("gt", "labels");
  const conditions = await acdcConditions(tree);
  if (conditions.length === 0) {
    for (const split of SPLITS) yield* listFlat(tree, layout, split);
  }
  for (const split of SPLITS) {
    for (const condition of conditions) yield* listCondition(tree, layout, split, condition);
  }
}

/** A copy without conditions and sequences as folders: names still tell the sequence. */
function listFlat(tree: DatasetTree, layout: AcdcFolders, split: string): AsyncGenerator<DatasetItem[]> {
  return pairFolders(tree, {
    ...shared(layout, split),
    images: joined("rgb_anon", split),
    labels: split === "test" ? [] : [joined("gt", split)],
    domain: null,
    tags: (name) => [...layout.tags, ...(SEQUENCE.exec(name)?.slice(1) ?? [])],
  });
}

async function* listCondition(
  tree: DatasetTree,
  layout: AcdcFolders,
  split: string,
  condition: string,
): AsyncGenerator<DatasetItem[]> {
  const images = joined("rgb_anon", condition, `${split}${layout.splitSuffix}`);
  // Labels of reference images lie in a folder of their own, or with the others.
  const labelFolders = [...new Set([`${split}${layout.splitSuffix}`, split])];
  for (const sequence of (await tree.read(images)).folders) {
    yield* pairFolders(tree, {
      ...shared(layout, split),
      images: joined(images, sequence),
      labels: split === "test" ? [] : labelFolders.map((folder) => joined("gt", condition, folder, sequence)),
      domain: condition,
      tags: [condition, ...layout.tags, sequence],
    });
  }
}

function shared({ imageSuffix, suffixes, isComplete }: AcdcFolders, split: string) {
  return { stemOf: stemBefore(imageSuffix), suffixes, split, isComplete: isComplete(split) };
}

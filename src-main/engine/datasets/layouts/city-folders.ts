// What Cityscapes and the data sets built like it share: leftImg8bit/<split>/<city>/ beside gtFine/<split>/<city>/.
import type { DatasetItem } from "../../../../src-shared/contract/dataset.ts";
import { type DatasetTree, joined } from "../dataset-tree.ts";
import { type LabelSuffix, pairFolders } from "../pair-folders.ts";
import { inSplitOrder } from "../splits.ts";

export interface CityFolders {
  readonly images: string;
  readonly labels: string;
  readonly stemOf: (name: string) => string | null;
  readonly suffixes: readonly LabelSuffix[];
  /** Beside the city. */
  readonly tags: (name: string) => readonly string[];
  /** By the name of the image; null throughout where it is not given. */
  readonly domain?: (name: string) => string | null;
  /** Of the splits whose label files hold classes. */
  readonly isLabelled: (split: string) => boolean;
  /** Whether images and label files should come in pairs. */
  readonly isComplete: boolean;
}

/** Cityscapes' own ids and train ids; the published files first, those that are made of them second. */
export const CITYSCAPES_SUFFIXES: readonly LabelSuffix[] = [
  { suffix: "_gtFine_labelIds.png", encoding: "cityscapes" },
  { suffix: "_gtFine_labelTrainIds.png", encoding: "trainIds" },
  { suffix: "_gtFine_polygons.json", encoding: "polygons" },
];

/** Cityscapes' test labels are dummies: all of their pixels are ignored. */
export const isNotTest = (split: string): boolean => split !== "test";

/** City by city. @throws CancelledError */
export async function* listCityFolders(tree: DatasetTree, layout: CityFolders): AsyncGenerator<DatasetItem[]> {
  if (!(await tree.hasFolder(layout.labels))) tree.reportMissingFolder(layout.labels, "labels");
  for (const split of inSplitOrder((await tree.read(layout.images)).folders)) {
    const isLabelled = layout.isLabelled(split);
    for (const city of (await tree.read(joined(layout.images, split))).folders) {
      yield* pairFolders(tree, {
        images: joined(layout.images, split, city),
        labels: isLabelled ? [joined(layout.labels, split, city)] : [],
        stemOf: layout.stemOf,
        suffixes: layout.suffixes,
        split,
        domain: layout.domain ?? null,
        tags: (name) => [city, ...layout.tags(name)],
        isComplete: isLabelled && layout.isComplete,
      });
    }
  }
}

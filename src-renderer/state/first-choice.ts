// What is chosen for somebody who has chosen nothing: a foggy or dark image of the sample, and the sample's checkpoint.
import type { Checkpoint } from "../../src-shared/contract/workbench/checkpoints.ts";
import type { Dataset, ImageItem } from "../../src-shared/contract/workbench/datasets.ts";

/** The sample if it is there, otherwise the first dataset whose folder is. */
export function firstDataset(datasets: readonly Dataset[]): Dataset | null {
  const usable = datasets.filter(({ isAvailable, imageCount }) => isAvailable && imageCount > 0);
  return usable.find(({ isSample }) => isSample) ?? usable[0] ?? null;
}

/** Where adapting helps the sample's checkpoint most (resources/sample/README.md): fog, then night; or the first image. */
export function firstImage(images: readonly ImageItem[]): ImageItem | null {
  const ofDomain = (domain: string): ImageItem | undefined =>
    images.find(({ key, tags, split }) => tags.includes(domain) || split === domain || key.startsWith(`${domain}/`));
  return ofDomain("fog") ?? ofDomain("night") ?? images[0] ?? null;
}

/** The sample's if it can be run, otherwise the first that can. */
export function firstCheckpoint(checkpoints: readonly Checkpoint[]): Checkpoint | null {
  const usable = checkpoints.filter(({ isAvailable, problem }) => isAvailable && problem === null);
  return usable.find(({ isSample }) => isSample) ?? usable[0] ?? null;
}

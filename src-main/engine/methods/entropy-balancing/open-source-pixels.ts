// How many pixels of each class the source images have: from the statistics beside them, or counted before the first step.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TrainingConfig } from "../../../../src-shared/contract/training/training-config.ts";
import { IGNORE_LABEL } from "../../../../src-shared/labels/ignore-label.ts";
import type { SourceImages } from "../../datasets/labelled-images.ts";
import type { LabelMap } from "../../images/rgb-image.ts";
import type { ListedImages } from "../../training/data-source.ts";
import type { TrainingData } from "../../training/training-data.ts";
import type { ClassPixels } from "../../training/training-method.ts";
import { stopIfCancelled } from "../shared/cancellation.ts";
import { pixelsFromStatistics, STATISTICS_FILE } from "./statistics-files.ts";

export interface PixelsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Hears how many labels have been counted. */
  readonly onImage?: (done: number, images: number) => void;
}

/**
 * Nothing where the method does not ask. The original's statistics file in the folder of the source is read where there is one.
 *
 * @param root  of the source, where it is a folder
 * @throws AppError `input.unreadable` for statistics of other images; those of reading labels
 * @throws CancelledError
 */
export async function openSourcePixels(
  {
    config,
    data,
    root,
  }: { readonly config: TrainingConfig; readonly data: TrainingData; readonly root: string | null },
  options: PixelsOptions = {},
): Promise<readonly ClassPixels[] | undefined> {
  if (config.method !== "entropy-balancing" && config.method !== "daformer") return undefined;
  if (!config.rareClassSampling) return undefined;
  const paths = labelPaths(data.listed.source);
  const file = root === null ? null : join(root, STATISTICS_FILE);
  if (file !== null && paths !== null && existsSync(file)) return pixelsFromStatistics(file, paths);
  return countedPixels(data.images.source, options);
}

/** Of each image those of each class, ignored ones left out. */
export async function countedPixels(
  images: SourceImages,
  { signal, onImage }: PixelsOptions = {},
): Promise<ClassPixels[]> {
  const counted: ClassPixels[] = [];
  for (let place = 0; place < images.count; place += 1) {
    stopIfCancelled(signal);
    const { labels } = await images.read(place);
    counted.push(labels === null ? new Map() : classPixels(labels));
    onImage?.(counted.length, images.count);
  }
  return counted;
}

/** By train id, ignored pixels left out. */
export function classPixels({ data }: LabelMap): ClassPixels {
  const counts = new Map<number, number>();
  for (const id of data) if (id !== IGNORE_LABEL) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** Null where labels are not files. */
function labelPaths(listed: ListedImages): readonly string[] | null {
  if (listed.kind !== "labelled") return null;
  return listed.files.items.map(({ labelPath, key }) => labelPath ?? key);
}

// A copy of a checkpoint that recommends parameters: the file itself is never written to.
import { basename } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import {
  type RecommendedParameters,
  recommendedMetadata,
} from "../../../src-shared/contract/recommended-parameters.ts";
import type { WeightsChoice } from "../../../src-shared/contract/results.ts";
import { atAlpha } from "../checkpoints/at-alpha.ts";
import { writeSafetensors } from "../checkpoints/safetensors/write-safetensors.ts";
import { loadCheckpoint } from "./load-checkpoint.ts";

/**
 * Whatever format the checkpoint has, the copy is .safetensors, with its metadata as text. A recommendation that was there
 * is replaced.
 *
 * @param alpha  what the parameters were found with, where it is not the checkpoint's own; it becomes the copy's
 * @param weights  which network of a training's snapshot; the copy holds only that
 * @throws AppError those of reading the checkpoint; `output.unwritable`, `output.diskFull`; `input.option` for an alpha where
 *         the normalisation is plain, so that no file can hold it
 */
export async function storeRecommended(
  path: string,
  copy: string,
  recommended: RecommendedParameters,
  alpha: number | null,
  weights?: WeightsChoice,
): Promise<void> {
  const { stateDict, metadata } = await loadCheckpoint(path, weights);
  if (alpha !== null && alpha !== 0 && ![...stateDict.keys()].some((key) => key.endsWith(".alpha"))) {
    throw new AppError(
      "input.option",
      `"${basename(path)}" has plain normalisation layers, which keep no alpha: leave --store-in out and give --alpha ${alpha} with each run.`,
    );
  }
  const texts = Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, String(value)]));
  const stored = alpha === null ? stateDict : atAlpha(stateDict, alpha);
  await writeSafetensors(copy, stored, { ...texts, ...recommendedMetadata(recommended) });
}

// How far the views of an image agree: each one's most probable classes against those of all together.
import { at } from "../../graph/node.ts";
import { argmaxLabels } from "../../images/argmax.ts";
import type { LabelMap } from "../../images/rgb-image.ts";
import type { DeviceTensor } from "../../runtimes/runtime.ts";

/** The most probable classes of a view at the resolution that the network predicts in; upright, whether it was mirrored or not. */
export type ViewVote = LabelMap;

/** @param low  logits, float32 [1, K, h, w] */
export async function voteOf(low: DeviceTensor, isFlipped: boolean): Promise<ViewVote> {
  const [numClasses, height, width] = [at(low.shape, 1), at(low.shape, 2), at(low.shape, 3)];
  const labels = argmaxLabels((await low.read()) as Float32Array, numClasses, height, width);
  if (isFlipped) for (let row = 0; row < height; row++) labels.data.subarray(row * width, (row + 1) * width).reverse();
  return labels;
}

/**
 * Share of a view's pixels that have the class which all views together give to that place; the mean over the views, 0..1.
 *
 * @param fused  the most probable classes of the fused views, at the image's size
 */
export function agreementOf(votes: readonly ViewVote[], fused: LabelMap): number {
  return votes.reduce((sum, vote) => sum + agreementOfOne(vote, fused), 0) / votes.length;
}

function agreementOfOne({ width, height, data }: ViewVote, fused: LabelMap): number {
  let equal = 0;
  for (let row = 0; row < height; row++) {
    const y = Math.floor(((row + 0.5) * fused.height) / height);
    for (let column = 0; column < width; column++) {
      const x = Math.floor(((column + 0.5) * fused.width) / width);
      if (data[row * width + column] === fused.data[y * fused.width + x]) equal += 1;
    }
  }
  return equal / data.length;
}

// What a prediction looks like without labels: classes, pixels in no doubt, what changed and whether the views say so, too.
import { type PredictionFigures, SATURATED_CONFIDENCE } from "../../../src-shared/contract/prediction-figures.ts";
import type { PredictionPlanes } from "./prediction-planes.ts";

/** Labels to compare with, uint8 [H, W]; null where there are none yet. */
export interface ComparedLabels {
  /** Of iteration 0. */
  readonly unadapted: Uint8Array | null;
  /** The most probable classes of the fused views. */
  readonly views: Uint8Array | null;
}

export function predictionFigures(
  { labels, probabilities, overlapAgreement }: Pick<PredictionPlanes, "labels" | "probabilities" | "overlapAgreement">,
  numClasses: number,
  { unadapted, views }: ComparedLabels,
): PredictionFigures {
  const classPixels = new Array<number>(numClasses).fill(0);
  let saturated = 0;
  let changed = 0;
  let supported = 0;
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel] as number;
    classPixels[label] = (classPixels[label] as number) + 1;
    if ((probabilities[pixel] as number) > SATURATED_CONFIDENCE) saturated += 1;
    if (unadapted === null || unadapted[pixel] === label) continue;
    changed += 1;
    if (views !== null && views[pixel] === label) supported += 1;
  }
  return {
    classPixels,
    saturated: saturated / labels.length,
    changed: changed / labels.length,
    supported: views === null || changed === 0 ? null : supported / changed,
    overlapAgreement,
  };
}

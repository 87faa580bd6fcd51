// What is kept of a prediction: its labels, and its scores only where they will be written.
import { argmaxLabels } from "../../engine/images/argmax.ts";
import type { LabelMap } from "../../engine/images/rgb-image.ts";
import { joinBands, type ScoreBands, type ScoreSize } from "../../engine/images/score-bands.ts";

export interface CollectedPrediction {
  readonly labels: LabelMap;
  /** float32 [1, K, H, W]; null when they are not kept. */
  readonly scores: Float32Array | null;
}

export async function collectPrediction(
  bands: ScoreBands,
  size: ScoreSize,
  keepsScores: boolean,
): Promise<CollectedPrediction> {
  const { numClasses, height, width } = size;
  if (keepsScores) {
    const scores = await joinBands(bands, size);
    return { labels: argmaxLabels(scores, numClasses, height, width), scores };
  }
  const data = new Uint8Array(height * width);
  for await (const band of bands) {
    data.set(argmaxLabels(band.scores, numClasses, band.height, width).data, band.top * width);
  }
  return { labels: { width, height, data }, scores: null };
}

// What every method takes beside its parameters: who hears of progress, how it is stopped, and who keeps results.
import type { RunListener } from "../../../../src-shared/contract/run-events.ts";
import type { LabelMap } from "../../images/rgb-image.ts";

export interface RunOptions {
  readonly onEvent?: RunListener;
  readonly signal?: AbortSignal;
  readonly keeper?: ResultKeeper;
}

/** Logits, or probabilities that sum to 1 at every pixel. */
export type ScoreKind = "logits" | "probabilities";

/**
 * Takes what a method computes on the way, at the image's own size; the method waits for it. The last prediction is the
 * method's result itself.
 */
export interface ResultKeeper {
  /** Whether the prediction after so many iterations is wanted; that of iteration 0, unadapted, and the last come always. */
  readonly keeps: (iteration: number) => boolean;
  /** @param scores  float32 [1, K, H, W], not to be kept: its memory is the method's */
  readonly prediction: (iteration: number, scores: Float32Array, kind: ScoreKind) => Promise<void>;
  /**
   * Comes before the first iteration.
   * @param labels  train ids, 255 where no class is trusted
   * @param classes  the most probable class of the fused views everywhere
   */
  readonly pseudoLabel: (labels: LabelMap, classes: LabelMap) => Promise<void>;
}

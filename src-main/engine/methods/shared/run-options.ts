// What every method takes beside its parameters: who hears of progress, how it is stopped, and who keeps results.
import type { RunListener } from "../../../../src-shared/contract/run-events.ts";
import type { LabelMap } from "../../images/rgb-image.ts";
import type { ScoreBands } from "../../images/score-bands.ts";

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
  /** Whether the prediction after so many iterations is wanted, 0 being the unadapted one; the last comes always. */
  readonly keeps: (iteration: number) => boolean;
  /** @param scores  to be gone through once, before it resolves: with a sliding window they are computed meanwhile */
  readonly prediction: (iteration: number, scores: ScoreBands, kind: ScoreKind) => Promise<void>;
  /**
   * Comes before the first iteration.
   * @param labels  train ids, 255 where no class is trusted
   * @param classes  the most probable class of the fused views everywhere
   */
  readonly pseudoLabel: (labels: LabelMap, classes: LabelMap) => Promise<void>;
}

// The learning rate over a training run.
import type { TrainingConfig } from "../../../../src-shared/contract/training-config.ts";

/** Exponent of the polynomial schedule. Source: spec "3. Source training", schedule. */
const POLY_POWER = 0.9;

/**
 * Of the step with this index, from 0: `poly` falls as base·(1 − t/T)^0.9, where T is one more than there are steps, so
 * that the last one still learns; `constant` stays. Source: spec "3. Source training", schedule.
 */
export function learningRateAt(
  step: number,
  steps: number,
  { baseLr, lrScheduler }: Pick<TrainingConfig, "baseLr" | "lrScheduler">,
): number {
  if (lrScheduler === "constant") return baseLr;
  return baseLr * (1 - step / (steps + 1)) ** POLY_POWER;
}

// The optimizer and the schedule that a configuration of source training asks for.
import type { SourceTrainingConfig } from "../../../../src-shared/contract/training/source-training.ts";
import { adamW } from "../../training/optimizers/adam.ts";
import { DAFORMER_RULES, keyedGroups } from "../../training/optimizers/keyed-groups.ts";
import type { Optimizer } from "../../training/optimizers/optimizer.ts";
import { allParameters } from "../../training/optimizers/parameter-groups.ts";
import { constant, poly, type Schedule, warmUp } from "../../training/optimizers/schedules.ts";
import { sgd } from "../../training/optimizers/sgd.ts";

/** Exponent of the polynomial schedule. Source: spec "3. Source training", schedule. */
const POLY_POWER = 0.9;
/** Learning rate of the first warm-up step, as a share. Source: spec of EBDA, "9. Optimizer and schedule". */
const WARMUP_RATIO = 1e-6;

/** AdamW's groups are DAFormer's: a head ten times as fast as its encoder, layer norms that do not decay. */
export function optimizerOf({
  optimizer,
  momentum,
  weightDecay,
}: Pick<SourceTrainingConfig, "optimizer" | "momentum" | "weightDecay">): Optimizer {
  return optimizer === "sgd"
    ? sgd(momentum, [allParameters(weightDecay)])
    : adamW(keyedGroups(weightDecay, DAFORMER_RULES));
}

/** `poly` reaches 0 one step after the last, so that the last one still learns. */
export function scheduleOf(
  { lrScheduler, warmupSteps }: Pick<SourceTrainingConfig, "lrScheduler" | "warmupSteps">,
  steps: number,
): Schedule {
  const then = lrScheduler === "constant" ? constant() : poly(steps + 1, POLY_POWER);
  return warmUp({ steps: warmupSteps, ratio: WARMUP_RATIO }, then);
}

// Looks at what a network has computed before anything takes a maximum over it.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { allFinite } from "../../all-finite.ts";
import type { NamedTensors } from "../../runtimes/runtime.ts";
import type { SegmentationModel } from "./segmentation-model.ts";

/**
 * @param scores   logits or probabilities, as the network gives them
 * @param weights  those it was given: the checkpoint's own, which are finite (see `requireNumbers`), or trained ones
 * @throws AppError `method.diverged` when a score is NaN or infinite: maxima pass over NaN, and would make class 0 of it
 */
export function requireFinite(
  scores: Float32Array,
  { base }: Pick<SegmentationModel, "base">,
  weights: NamedTensors = base,
): void {
  if (allFinite(scores)) return;
  const isAsStored = [...weights].every(([key, tensor]) => key.endsWith(".alpha") || base.get(key) === tensor);
  const reason = isAsStored
    ? ", although the checkpoint's weights are finite: one is far too large, or a running variance is negative; use another checkpoint."
    : ": the weights have run away; lower the learning rate.";
  throw new AppError(
    "method.diverged",
    `The network's scores for this image are not finite (NaN or infinity)${reason}`,
  );
}

// The batch normalisations of an imported network whose weights and statistics stand in its file: layers that can adapt.
import { type StateTensor, toFloat32 } from "../../checkpoints/state-dict.ts";
import { BATCH_NORM_EPSILON, normKeys } from "../normalization.ts";
import type { OperatorCall } from "./operator-call.ts";

export interface NormLayer {
  readonly name: string;
  /** By the keys that a plain normalisation layer of this name has. */
  readonly tensors: ReadonlyMap<string, StateTensor>;
}

const MEAN_ENDING = /\.?running_mean$/;

/**
 * null where any of the four is computed. Layers here add 1e-5 to the variance; what a node adds beyond that is part of the stored
 * variance, so that its result is the same.
 */
export function normLayerOf(call: OperatorCall): NormLayer | null {
  const [weight, bias, mean, variance] = [1, 2, 3, 4].map((k) => call.inputs[k]);
  if (weight?.kind !== "weight" || bias?.kind !== "weight" || mean?.kind !== "weight" || variance?.kind !== "weight")
    return null;
  const name = MEAN_ENDING.test(mean.key) ? mean.key.replace(MEAN_ENDING, "") : call.node.name || mean.key;
  const keys = normKeys(name, "plain");
  const more = call.number("epsilon", 1e-5) - BATCH_NORM_EPSILON;
  const raised = toFloat32(variance.tensor).map((value) => value + more);
  const tensors = new Map<string, StateTensor>([
    [keys.weight, weight.tensor],
    [keys.bias, bias.tensor],
    [keys.mean, mean.tensor],
    [
      keys.variance,
      Math.abs(more) < 1e-12 ? variance.tensor : { dtype: "float32", shape: variance.tensor.shape, data: raised },
    ],
  ]);
  return { name, tensors };
}

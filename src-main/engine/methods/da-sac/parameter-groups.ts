// How fast each of DA-SAC's four groups of parameters learns, and whether it decays.
import type { Architecture } from "../../models/architecture.ts";
import { parameterGroups } from "../../models/parameter-groups.ts";
import type { ParameterGroup } from "../../training/optimizers/parameter-groups.ts";

const NEW_RATE = 10;
const BIAS_RATE = 2;

/**
 * Biases learn twice as fast and do not decay, new layers learn ten times as fast; the scale of a normalisation counts as a
 * weight. In the order in which the original's optimizer holds them. Source: spec "4. Optimiser".
 */
export function daSacGroups(architecture: Architecture, weightDecay: number): ParameterGroup[] {
  return parameterGroups(architecture).map(({ isNew, kind, keys }) => {
    const own = new Set(keys);
    const isBias = kind === "bias";
    return {
      name: isNew ? (isBias ? "newBiases" : "newWeights") : isBias ? "biases" : "weights",
      matches: (key) => own.has(key),
      rate: (isNew ? NEW_RATE : 1) * (isBias ? BIAS_RATE : 1),
      decay: isBias ? 0 : weightDecay,
    };
  });
}

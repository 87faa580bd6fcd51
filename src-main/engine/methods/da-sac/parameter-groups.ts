// The four groups of DA-SAC's parameters: weights and biases, of layers with ImageNet's weights and of new ones.
import type { Architecture } from "../../models/architecture.ts";
import type { ParameterGroup } from "../../training/optimizers/parameter-groups.ts";

const NEW_RATE = 10;
const BIAS_RATE = 2;

/**
 * Biases learn twice as fast and do not decay, new layers learn ten times as fast; the scale of a normalisation counts as a
 * weight. In the order in which the original's optimizer holds them. Source: spec "4. Optimiser".
 */
export function daSacGroups({ newLayers }: Pick<Architecture, "newLayers">, weightDecay: number): ParameterGroup[] {
  const isNew = (key: string) => newLayers.some((layer) => key.startsWith(layer));
  const isBias = (key: string) => key.endsWith(".bias");
  const group = (name: string, ofNew: boolean, ofBias: boolean): ParameterGroup => ({
    name,
    matches: (key) => isNew(key) === ofNew && isBias(key) === ofBias,
    rate: (ofNew ? NEW_RATE : 1) * (ofBias ? BIAS_RATE : 1),
    decay: ofBias ? 0 : weightDecay,
  });
  return [
    group("weights", false, false),
    group("biases", false, true),
    group("newWeights", true, false),
    group("newBiases", true, true),
  ];
}

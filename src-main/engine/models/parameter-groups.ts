// A network's parameters in the four groups that training with rates of their own keeps apart.
import { input } from "../graph/ops/input.ts";
import { type Architecture, forward } from "./architecture.ts";
import { GraphScope } from "./model-scope.ts";

export interface KeyGroup {
  /** Whether they are of layers that a pretrained backbone has not. */
  readonly isNew: boolean;
  readonly kind: "weight" | "bias";
  /** In the order in which the network holds them, which is the optimizer's. */
  readonly keys: readonly string[];
}

/**
 * Weights and biases of pretrained layers, then those of new ones, without what the network stores and never uses. Weights
 * and biases of normalisation layers are among them. Source: spec of DA-SAC, "4. Optimiser".
 */
export function parameterGroups(architecture: Architecture): readonly KeyGroup[] {
  const scope = new GraphScope(architecture.normalization, { statistics: "running" });
  forward(architecture, scope, input("image", [1, 3, architecture.smallestSide, architecture.smallestSide]));
  const keys = [...architecture.keys.keys()].filter((key) => scope.parameters.has(key));
  const isNew = (key: string): boolean => architecture.newLayers.some((layer) => key.startsWith(layer));
  return [false, true].flatMap((wanted) =>
    (["weight", "bias"] as const).map((kind) => ({
      isNew: wanted,
      kind,
      keys: keys.filter((key) => isNew(key) === wanted && key.endsWith(`.${kind}`)),
    })),
  );
}

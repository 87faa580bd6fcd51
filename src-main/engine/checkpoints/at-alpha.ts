// Alpha of self-adaptive normalisation, as a state dict holds it: one number a layer.
import type { StateDict } from "./state-dict.ts";

/** The same weights with another alpha in every normalisation layer. */
export function atAlpha(stateDict: StateDict, alpha: number): StateDict {
  return new Map(
    [...stateDict].map(([key, tensor]) => [
      key,
      key.endsWith(".alpha") ? { ...tensor, dtype: "float32", data: Float32Array.of(alpha) } : tensor,
    ]),
  );
}

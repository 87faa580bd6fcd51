// What the engine is told of a checkpoint's network, so that it need not read the file again where the keys say enough.
import type { NetworkSource } from "../../../src-shared/contract/engine-protocol.ts";
import type { Checkpoint, CheckpointKey } from "../../../src-shared/contract/workbench/checkpoints.ts";

/** A key that is missing, or of another shape, does not change which architecture it is. */
export function networkSource(
  { format, path }: Pick<Checkpoint, "format" | "path">,
  keys: readonly CheckpointKey[],
): NetworkSource {
  if (format === "onnx") return { path };
  const found = keys.filter(({ fit }) => fit !== "missing");
  return { shapes: Object.fromEntries(found.map(({ key, shape }) => [key, shape])) };
}

// Where the built-in sample lies in the package.
import { join } from "node:path";
import { packageRoot } from "../files/package-root.ts";

/** A dataset of domains: `<domain>/images/NNN.png` and `<domain>/labels/NNN.png`. */
export function sampleFolder(): string {
  return join(packageRoot(), "resources", "sample");
}

export function sampleCheckpointPath(): string {
  return join(sampleFolder(), "checkpoint.safetensors");
}

// The architecture of a checkpoint: as its file describes the network itself, or as its keys say.
import type { Architecture } from "./architecture.ts";
import { detectArchitecture } from "./detect-architecture.ts";
import type { Checkpoint } from "./load-checkpoint.ts";

/** @throws AppError `checkpoint.architecture` when the keys are of none that we know */
export function architectureOf({
  described,
  stateDict,
  path,
}: Pick<Checkpoint, "described" | "stateDict" | "path">): Architecture {
  return described?.architecture ?? detectArchitecture(stateDict, path);
}

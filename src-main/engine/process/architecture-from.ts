// The architecture of a checkpoint that is known to the program already.
import type { NetworkSource } from "../../../src-shared/contract/engine-protocol.ts";
import type { Architecture } from "../models/architecture.ts";
import { architectureOf } from "../models/architecture-of.ts";
import { detectArchitecture } from "../models/detect-architecture.ts";
import { loadCheckpoint } from "../models/load-checkpoint.ts";

/** @throws AppError `checkpoint.*`, `input.*` */
export async function architectureFrom(source: NetworkSource): Promise<Architecture> {
  if ("path" in source) return architectureOf(await loadCheckpoint(source.path));
  const keys = new Map(Object.entries(source.shapes).map(([key, shape]) => [key, { shape }]));
  return detectArchitecture(keys, "checkpoint");
}

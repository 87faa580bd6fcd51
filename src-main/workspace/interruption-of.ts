// What is told of that which waited or ran when the program ended without a word; what is left of it says whoever shows it.
import type { Failure } from "../../src-shared/contract/results.ts";

export interface Interruption {
  /** Of what was still waiting. */
  readonly before: Failure;
  /** Of what was running. */
  readonly during: Failure;
}

export function interruptionOf(kind: "run" | "evaluation" | "training" | "tuning"): Interruption {
  const code = "engine.ended";
  return {
    before: { code, message: `Acclimate ended before it was the turn of this ${kind}.` },
    during: { code, message: `Acclimate ended in the middle of this ${kind}.` },
  };
}

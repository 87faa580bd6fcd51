// What every method takes beside its parameters: who hears of progress, and how it is stopped.
import type { RunListener } from "../../../../src-shared/contract/run-events.ts";

export interface RunOptions {
  readonly onEvent?: RunListener;
  readonly signal?: AbortSignal;
}

// What waits for the engine: runs, evaluations and trainings, and what each needs to be carried out.
import { AppError, CancelledError } from "../../src-shared/contract/errors.ts";
import type { Failure } from "../../src-shared/contract/results.ts";
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import type { EvaluationId, RunId, TrainingId, TuningId } from "../../src-shared/contract/workbench/ids.ts";
import type { Workspace } from "../workspace/open-workspace.ts";
import type { EngineProcess } from "./engine-process.ts";

export type JobKind = "run" | "evaluation" | "training" | "tuning";
export type JobId = RunId | EvaluationId | TrainingId | TuningId;

export type JobWorkspace = Pick<
  Workspace,
  | "runs"
  | "evaluations"
  | "trainings"
  | "tunings"
  | "datasets"
  | "checkpoints"
  | "artifacts"
  | "evaluationFolders"
  | "trainingFolders"
  | "tuningFolders"
>;

export interface JobContext {
  readonly workspace: JobWorkspace;
  readonly engine: Pick<EngineProcess, "request">;
  readonly publish: (event: WorkbenchEvent) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The program's version and the machine, for the record. */
  readonly origin: { readonly acclimate: string; readonly machine: string };
}

/** How whoever started a job reaches it while it is carried out. */
export interface JobControl {
  readonly signal: AbortSignal;
  /** The job is to end at once, in the middle of a step and without keeping more than is kept. */
  readonly kill: AbortSignal;
  /** Takes what holds the job between its steps and lets it go on, once the engine has it. */
  readonly setHold: (hold: (isPaused: boolean) => void) => void;
}

/** How a job ends, but for the time. */
export type JobEnd =
  | { readonly status: "finished" | "cancelled"; readonly error: null }
  | { readonly status: "failed" | "interrupted"; readonly error: Failure };

export const FINISHED: JobEnd = { status: "finished", error: null };

/** The reason of a signal that stops a job because the program ends: it is to be taken up again. */
export const CLOSING = "closing";

/** The end that an error makes of a job. @param signal  the one it was stopped by, if it was */
export function endFrom(error: unknown, signal: AbortSignal): JobEnd {
  if (error instanceof CancelledError && signal.reason === CLOSING) {
    const message = "Acclimate was closed in the middle.";
    return { status: "interrupted", error: { code: "engine.ended", message } };
  }
  if (error instanceof CancelledError) return { status: "cancelled", error: null };
  const failure = failureFrom(error);
  return { status: failure.code === "engine.ended" ? "interrupted" : "failed", error: failure };
}

/** What is told of an error: one sentence of an expected one, the first line of a bug. */
export function failureFrom(error: unknown): Failure {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { code: "bug", message: `Unexpected error, please report it: ${message.split("\n")[0]}` };
}

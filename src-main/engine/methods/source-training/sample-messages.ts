// What the thread that trains and those that read images for it say to each other: plain data.
import { AppError, BugError, type ErrorCode } from "../../../../src-shared/contract/errors.ts";
import type { DataSource } from "./data-source.ts";
import type { SampleConfig, TrainingSample } from "./training-batch.ts";

/** What a thread is started with. */
export interface WorkerTask {
  readonly source: DataSource;
  readonly config: SampleConfig;
}

export interface WorkerRequest {
  readonly id: number;
  readonly place: number;
  readonly epoch: number;
}

/** Errors lose their class on the way. */
export interface WorkerFailure {
  /** Of an expected failure. */
  readonly code: ErrorCode | null;
  readonly message: string;
}

export type WorkerAnswer =
  | { readonly id: number; readonly sample: TrainingSample; readonly failure?: never }
  | { readonly id: number; readonly sample?: never; readonly failure: WorkerFailure };

export function failureOf(error: unknown): WorkerFailure {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  return { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function errorFrom({ code, message }: WorkerFailure): Error {
  return code === null ? new BugError(`a thread that reads images failed: ${message}`) : new AppError(code, message);
}

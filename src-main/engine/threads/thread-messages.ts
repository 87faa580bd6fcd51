// What a thread and whoever asks it say to each other: plain data.
import { AppError, BugError, type ErrorCode } from "../../../src-shared/contract/errors.ts";

export interface ThreadRequest<Input> {
  readonly id: number;
  readonly input: Input;
}

/** Errors lose their class on the way. */
export interface ThreadFailure {
  /** Of an expected failure. */
  readonly code: ErrorCode | null;
  readonly message: string;
}

export type ThreadAnswer<Output> =
  | { readonly id: number; readonly output: Output; readonly failure?: never }
  | { readonly id: number; readonly failure: ThreadFailure };

export function failureOf(error: unknown): ThreadFailure {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  return { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function errorFrom({ code, message }: ThreadFailure): Error {
  return code === null ? new BugError(`a thread failed: ${message}`) : new AppError(code, message);
}

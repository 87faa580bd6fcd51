// Keeps a job's end, if need be later: on a full disk a job would else be "running" until the program starts again.
import { AppError } from "../../src-shared/contract/errors.ts";
import type { Failure } from "../../src-shared/contract/results.ts";
import { failureFrom } from "./job.ts";

const AGAIN_MS = 2000;

/**
 * Writes at once or, while the disk has no room, again until it has.
 *
 * @param write  may throw: an AppError `output.*` is tried again, anything else is given up
 * @returns why it could not be written at once; null when it was
 */
export function whenWritable(write: () => void, againMs = AGAIN_MS): Failure | null {
  const error = errorOf(write);
  if (error === null) return null;
  if (isForNow(error)) {
    const timer = setInterval(() => {
      const later = errorOf(write);
      if (later === null || !isForNow(later)) clearInterval(timer);
    }, againMs);
    timer.unref();
  }
  return failureFrom(error);
}

function errorOf(write: () => void): unknown {
  try {
    write();
    return null;
  } catch (error) {
    return error;
  }
}

function isForNow(error: unknown): boolean {
  return error instanceof AppError && error.code.startsWith("output.");
}

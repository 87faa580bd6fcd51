// Which failures are one file's own: it is left out and named, and what is made of many files goes on.
import { AppError, type ErrorCode } from "./errors.ts";

/** Anything else, such as a process that ended or a full disk, would meet the next file as well. */
const CODES: readonly ErrorCode[] = [
  "image.format",
  "image.damaged",
  "image.size",
  "label.size",
  "label.ids",
  "input.outside",
  "input.unreadable",
];

/** @param error  anything that was thrown */
export function isFaultOfFile(error: unknown): error is AppError {
  return error instanceof AppError && CODES.includes(error.code);
}

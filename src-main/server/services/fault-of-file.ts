// Which failures are the file's own: they are listed with the dataset, and not tried again by themselves.
import { AppError, type ErrorCode } from "../../../src-shared/contract/errors.ts";
import type { ImageFault } from "../../workspace/image-faults.ts";

/** Anything else, such as a process that ended, may pass. */
const CODES: readonly ErrorCode[] = [
  "image.format",
  "image.damaged",
  "image.size",
  "label.size",
  "label.ids",
  "input.outside",
  "input.unreadable",
];

export function faultOfFile(error: unknown): ImageFault | null {
  if (!(error instanceof AppError) || !CODES.includes(error.code)) return null;
  return { code: error.code, message: error.message };
}

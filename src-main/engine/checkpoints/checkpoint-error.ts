// The three ways to refuse a checkpoint file, each naming the file first.
import { AppError } from "../../../src-shared/contract/errors.ts";

/** Not a checkpoint, or one of a kind we do not read. `why` is a whole sentence after the file's name. */
export function wrongFormat(fileName: string, why: string): AppError {
  return new AppError("checkpoint.format", `"${fileName}": ${why}`);
}

/** A checkpoint that breaks off or contradicts itself. `what` was found; what to do is added. */
export function damaged(fileName: string, what: string, cause?: unknown): AppError {
  const message = `"${fileName}": ${what}. The file is damaged or incomplete; download or export it again.`;
  return new AppError("checkpoint.damaged", message, { cause });
}

/** A pickle that asks for more than data. */
export function hostile(fileName: string, what: string): AppError {
  const message = `"${fileName}": ${what} is not allowed. Only tensors are read; export the state dict alone.`;
  return new AppError("checkpoint.hostile", message);
}

/** Text from a file as it may stand in a message: quoted, shortened, without control characters. */
export function quoted(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return `"${shown.replace(/[\p{Cc}\p{Cf}]/gu, "?")}"`;
}

// Writes a result file so that nobody ever finds half of it.
import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";

/**
 * Writes to a temporary file in the same folder, then renames it. Until the rename an older file of that name stays as
 * it was; on failure the temporary file is removed. The folder must exist.
 *
 * @throws AppError `output.diskFull` when there is no space left, `output.unwritable` when the folder or file cannot
 *         be written
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  // The same folder, because a rename is atomic only within one file system.
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync(); // else a power cut after the rename could leave an empty file under the final name
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined); // the first error is the one to tell
    throw outputErrorFrom(path, error);
  }
}

/** The AppError that says in one sentence why `path` could not be written. */
export function outputErrorFrom(path: string, cause: unknown): AppError {
  const folder = dirname(path);
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
  const unwritable = (reason: string): AppError =>
    new AppError("output.unwritable", `"${path}" could not be written: ${reason}`, { cause });
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new AppError(
        "output.diskFull",
        `"${path}" could not be written: no space is left for the folder "${folder}"; free some, or choose another folder.`,
        { cause },
      );
    case "ENOENT":
      return unwritable(`the folder "${folder}" does not exist; create it, or choose another.`);
    case "ENOTDIR":
      return unwritable(`"${folder}" is not a folder; choose another.`);
    case "EACCES":
    case "EPERM":
      return unwritable(`the folder "${folder}" may not be written; check its permissions, or choose another.`);
    case "EROFS":
      return unwritable(`the folder "${folder}" is on a read-only disk; choose another.`);
    case "EISDIR":
      return unwritable("there is a folder of that name; choose another name.");
    default:
      return unwritable(`the disk of the folder "${folder}" reported ${code}; choose another folder.`);
  }
}

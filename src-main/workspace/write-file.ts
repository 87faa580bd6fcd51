// Writes files of the workspace so that nobody ever finds half of one, and says in one sentence when the disk is full.
import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "../../src-shared/contract/errors.ts";
import { makeFolders } from "../files/make-folders.ts";

/** Puts bytes into a new file; another one stands in for it in tests of a full disk. */
export type WriteNewFile = (path: string, bytes: Uint8Array) => Promise<void>;

/** With the bytes on the disk, not only in its cache, when it answers. */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/**
 * Writes to a temporary file in the same folder, which is made if it is not there, then renames it.
 *
 * @throws AppError `output.diskFull`, `output.unwritable`; an older file of that name then stays as it was
 */
export async function writeWhole(path: string, bytes: Uint8Array, write: WriteNewFile = writeNewFile): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await makeFolders(dirname(path));
    await write(temporary, bytes);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined); // the first error is the one to tell
    throw outputErrorFrom(path, cause);
  }
}

/** What stands in the way of writing, in one sentence. */
export function outputErrorFrom(path: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") return diskFullError(path, cause);
  if (code === "EEXIST" || code === "ENOTDIR") {
    const message = `"${path}" could not be written: it is a file, or in one; name a folder.`;
    return new AppError("output.unwritable", message, { cause });
  }
  const reason = typeof code === "string" ? code : String(cause);
  return new AppError(
    "output.unwritable",
    `"${path}" could not be written (${reason}); check the folder's permissions.`,
    {
      cause,
    },
  );
}

export function diskFullError(path: string, cause?: unknown): AppError {
  const message = `"${path}" could not be written: the disk is full; free some space.`;
  return new AppError("output.diskFull", message, { cause });
}

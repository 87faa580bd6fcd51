// Writes a file whole or not at all: under a temporary name beside it, flushed to the disk, then renamed.
import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { AppError } from "../../../src-shared/contract/errors.ts";

/**
 * @param chunks  the file's bytes, one piece after the other; each is written before the next is asked for
 * @throws        AppError `output.diskFull`, `output.unwritable`; the temporary file is removed, an old file left as it was
 */
export async function writeFileAtomically(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const temporaryPath = `${path}.${randomUUID()}.partial`;
  try {
    const handle = await open(temporaryPath, "wx");
    try {
      for (const chunk of chunks) await writeWhole(handle, chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporaryPath, path);
  } catch (error) {
    await rm(temporaryPath, { force: true }).catch(() => {}); // what went wrong first is what the user should hear
    throw outputError(path, error);
  }
}

async function writeWhole(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}

const FULL = ["ENOSPC", "EDQUOT", "EFBIG"];
const UNWRITABLE = ["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR", "ENAMETOOLONG", "EINVAL", "EBUSY"];

/** A file system's error in the user's terms; any other error as it is. */
export function outputError(path: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (FULL.includes(code)) {
    const message = `"${path}" was not written: no space is left (${code}); free some, or choose another folder.`;
    return new AppError("output.diskFull", message, { cause: error });
  }
  if (UNWRITABLE.includes(code)) {
    const message = `"${path}" cannot be written (${code}); choose a folder that exists and may be written to.`;
    return new AppError("output.unwritable", message, { cause: error });
  }
  return error;
}

// Writes result files so that nobody ever finds half of one, or half of those that belong together.
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { outputErrorFrom } from "./output-error.ts";

/** A file's bytes, whole or piece by piece; each piece is written before the next is asked for. */
export type FileContent = Uint8Array | Iterable<Uint8Array>;

export interface NewFile {
  readonly path: string;
  readonly content: FileContent;
}

/** Temporary files that still wait for their rename. */
const unfinished = new Set<string>();

/** Puts content into a new file. */
export type WriteNewFile = (path: string, content: FileContent) => Promise<void>;

/**
 * Writes to a temporary file in the same folder, then renames it. Until the rename an older file of that name stays as
 * it was; on failure the temporary file is removed. The folder must exist.
 *
 * @param write  of the temporary file; by default its bytes are on the disk, not only in its cache, before the rename
 * @throws AppError `output.diskFull` when there is no space left, `output.unwritable` when the folder or file cannot
 *         be written
 */
export async function writeFileAtomically(path: string, content: FileContent, write?: WriteNewFile): Promise<void> {
  await writeFilesTogether([{ path, content }], write);
}

/**
 * Writes several files, all or none: each is whole under its temporary name before the first gets its own.
 * The folders must exist.
 *
 * @throws AppError `output.diskFull`, `output.unwritable`; none of the files is then there
 */
export async function writeFilesTogether(files: readonly NewFile[], write: WriteNewFile = writeSynced): Promise<void> {
  const staged: { readonly path: string; readonly temporary: string }[] = [];
  const renamed: string[] = [];
  try {
    for (const { path, content } of files) {
      // The same folder, because a rename is atomic only within one file system.
      const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
      unfinished.add(temporary);
      staged.push({ path, temporary });
      await orOutputError(path, () => write(temporary, content));
    }
    for (const { path, temporary } of staged) {
      await orOutputError(path, () => rename(temporary, path));
      renamed.push(path);
    }
  } catch (error) {
    for (const path of [...renamed, ...staged.map(({ temporary }) => temporary)]) {
      await rm(path, { force: true }).catch(() => undefined); // the first error is the one to tell
    }
    throw error;
  } finally {
    for (const { temporary } of staged) unfinished.delete(temporary);
  }
}

/** Removes what is half written, at once: for a process that must end now. */
export function discardUnfinishedFiles(): void {
  for (const temporary of unfinished) rmSync(temporary, { force: true });
}

async function writeSynced(path: string, content: FileContent): Promise<void> {
  const file = await open(path, "wx");
  try {
    for (const piece of content instanceof Uint8Array ? [content] : content) await writeWhole(file, piece);
    await file.sync(); // else a power cut after the rename could leave an empty file under the final name
  } finally {
    await file.close();
  }
}

async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}

async function orOutputError<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw outputErrorFrom(path, error);
  }
}

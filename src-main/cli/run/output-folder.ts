// Makes sure that there is a folder to write to, before any time is spent on computing.
import { randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { outputErrorFrom } from "../../engine/files/write-file-atomically.ts";
import { makeFolders } from "../../files/make-folders.ts";

/** The document of a run, in its output folder. */
export const RESULTS_FILE = "results.json";

/**
 * Creates the folder, with those above it, and tries it with an empty file.
 *
 * @throws AppError `output.unwritable`, `output.diskFull`
 */
export async function prepareOutputFolder(folder: string): Promise<void> {
  await createFolder(folder);
  const probe = join(folder, `.${randomUUID()}.tmp`);
  try {
    await (await open(probe, "wx")).close();
    await rm(probe);
  } catch (error) {
    throw outputErrorFrom(join(folder, RESULTS_FILE), error);
  }
}

/** The folder and those above it, where they are not there yet. @throws AppError `output.unwritable`, `output.diskFull` */
export async function createFolder(folder: string): Promise<void> {
  try {
    await makeFolders(resolve(folder));
  } catch (error) {
    throw outputErrorFrom(join(folder, RESULTS_FILE), error);
  }
}

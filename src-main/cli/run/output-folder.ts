// Makes sure that there is a folder to write to, before any time is spent on computing.
import { randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makeFolders } from "../../files/make-folders.ts";
import { outputErrorFrom } from "../../files/output-error.ts";

/** The document of a run, in its output folder. */
export const RESULTS_FILE = "results.json";

/**
 * Creates the folder, with those above it, and tries it with an empty file.
 *
 * @param file  what will be written, for the message
 * @throws AppError `output.unwritable`, `output.diskFull`
 */
export async function prepareOutputFolder(folder: string, file: string = RESULTS_FILE): Promise<void> {
  await createFolder(folder, file);
  const probe = join(folder, `.${randomUUID()}.tmp`);
  try {
    await (await open(probe, "wx")).close();
    await rm(probe);
  } catch (error) {
    throw outputErrorFrom(join(folder, file), error);
  }
}

/** The folder and those above it, where they are not there yet. @throws AppError `output.unwritable`, `output.diskFull` */
export async function createFolder(folder: string, file: string = RESULTS_FILE): Promise<void> {
  await makeFolders(resolve(folder), join(folder, file));
}

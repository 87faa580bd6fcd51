// Makes sure that there is a folder to write to, before any time is spent on computing.
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { outputErrorFrom } from "../../engine/files/write-file-atomically.ts";

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

/** Not `mkdir` with `recursive`: that never returns where a file system, such as /proc, knows no new folders. */
async function makeFolders(folder: string): Promise<void> {
  const error = await mkdir(folder).then(
    () => undefined,
    (cause: NodeJS.ErrnoException) => cause,
  );
  if (error === undefined) return;
  if (error.code === "EEXIST") {
    if ((await stat(folder)).isDirectory()) return;
    throw Object.assign(error, { code: "ENOTDIR" });
  }
  const parent = dirname(folder);
  if (error.code !== "ENOENT" || existsSync(parent)) throw error;
  await makeFolders(parent);
  await mkdir(folder);
}

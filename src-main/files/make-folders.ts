// Makes a folder with those above it.
import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { outputErrorFrom } from "./output-error.ts";

/**
 * Makes what is not there yet.
 *
 * @param folder  absolute
 * @param file    what is to be written into it, for the message; the folder itself unless it is given
 * @throws AppError `output.unwritable`, `output.diskFull`
 */
export async function makeFolders(folder: string, file?: string): Promise<void> {
  try {
    await makeWithThoseAbove(folder);
  } catch (error) {
    throw file === undefined ? outputErrorFrom(folder, error, folder) : outputErrorFrom(file, error);
  }
}

/** Not `mkdir` with `recursive`: that never returns where a file system, such as /proc, knows no new folders. */
async function makeWithThoseAbove(folder: string): Promise<void> {
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
  await makeWithThoseAbove(parent);
  await makeWithThoseAbove(folder); // somebody else may have made it meanwhile
}

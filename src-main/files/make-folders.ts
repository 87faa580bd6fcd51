// Makes a folder with those above it.
import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Not `mkdir` with `recursive`: that never returns where a file system, such as /proc, knows no new folders.
 *
 * @param folder  absolute
 * @throws the file system's error; `outputErrorFrom` puts it into words
 */
export async function makeFolders(folder: string): Promise<void> {
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
  await makeFolders(folder); // somebody else may have made it meanwhile
}

// Whether a folder can be written to, before anything is: it may not be there yet.
import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { dirname, isAbsolute } from "node:path";

export type FolderCheck = { readonly freeBytes: number } | { readonly problem: string };

/** @returns bytes left on the folder's disk, or what stands in the way, in a sentence */
export async function checkWritableFolder(folder: string): Promise<FolderCheck> {
  if (!isAbsolute(folder)) return { problem: `"${folder}" is not a whole path; choose a folder from the root on.` };
  const existing = await nearestExisting(folder);
  if (!(await stat(existing)).isDirectory())
    return { problem: `"${existing}" is a file, not a folder; choose another.` };
  try {
    await access(existing, constants.W_OK | constants.X_OK);
  } catch {
    return { problem: `The folder "${existing}" may not be written; check its permissions, or choose another.` };
  }
  const { bavail, bsize } = await statfs(existing);
  return { freeBytes: bavail * bsize };
}

/** The path itself, or the first above it that is there. */
async function nearestExisting(path: string): Promise<string> {
  const isThere = await access(path).then(
    () => true,
    // A folder that may not be looked into is there, and so is one below a file; both are told further up.
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "ENOTDIR" && error.code !== "EACCES",
  );
  if (isThere || dirname(path) === path) return path;
  return nearestExisting(dirname(path));
}

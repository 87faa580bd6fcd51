// How much a disk has left, of a folder that may not be there yet.
import { access, statfs } from "node:fs/promises";
import { dirname } from "node:path";

/** Bytes that this user may still write. @param folder  absolute */
export async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(await nearestExisting(folder));
  return bavail * bsize;
}

/** The path itself, or the first above it that is there. */
export async function nearestExisting(path: string): Promise<string> {
  const isThere = await access(path).then(
    () => true,
    // A folder that may not be looked into is there, and so is one below a file; both are told by who writes there.
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "ENOTDIR" && error.code !== "EACCES",
  );
  if (isThere || dirname(path) === path) return path;
  return nearestExisting(dirname(path));
}

// Whether a folder can be written to, before anything is: it may not be there yet.
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { freeBytesAt, nearestExisting } from "../../files/free-bytes.ts";

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
  return { freeBytes: await freeBytesAt(existing) };
}

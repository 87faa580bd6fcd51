// Every file below a folder, in the order in which people count.
import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { inputErrorFrom } from "../../files/read-input-file.ts";
import { NATURAL } from "./natural-order.ts";

/**
 * Every file below a folder, in natural order, hidden ones left out. Linked folders are followed once.
 *
 * @param isLeftOut  told a path and the names of all that lies in the same folder
 * @throws AppError `input.missing`, `input.unreadable`
 */
export async function filesBelow(
  folder: string,
  isLeftOut: (path: string, siblings: readonly string[]) => boolean = () => false,
): Promise<string[]> {
  const seen = new Set<string>();
  const walk = async (current: string): Promise<string[]> => {
    const real = await realpath(current);
    if (seen.has(real)) return [];
    seen.add(real);
    const files: string[] = [];
    const entries = await sortedEntries(current);
    const names = entries.map(({ name }) => name);
    for (const entry of entries) {
      const path = join(current, entry.name);
      if (entry.name.startsWith(".") || isLeftOut(path, names)) continue;
      const kind = await kindOf(path, entry);
      if (kind === "folder") files.push(...(await walk(path)));
      if (kind === "file") files.push(path);
    }
    return files;
  };
  try {
    return await walk(folder);
  } catch (error) {
    throw inputErrorFrom(folder, error);
  }
}

async function sortedEntries(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((a, b) => NATURAL.compare(a.name, b.name) || (a.name < b.name ? -1 : 1));
}

async function kindOf(path: string, entry: Dirent): Promise<"file" | "folder" | "other"> {
  // A link that leads nowhere is nothing.
  const found = entry.isSymbolicLink() ? await stat(path).catch(() => entry) : entry;
  if (found.isDirectory()) return "folder";
  return found.isFile() ? "file" : "other";
}

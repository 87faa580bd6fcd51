// Where a file really is, and whether that is inside the folder that it is named below: links may lead anywhere.
import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";

export interface RealPath {
  readonly path: string;
  readonly isInside: boolean;
}

/**
 * @param below  the file's path below the folder
 * @throws the file system's error
 */
export async function realPathBelow(folder: string, below: string): Promise<RealPath> {
  const [realFolder, path] = await Promise.all([realpath(folder), realpath(join(folder, below))]);
  const way = relative(realFolder, path);
  return { path, isInside: way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way) };
}

// The name of a file without what says its format.
import { extname, sep } from "node:path";

/** A path without its extension, with slashes on every system. */
export function stemOf(path: string): string {
  return path.slice(0, path.length - extname(path).length).replaceAll(sep, "/");
}

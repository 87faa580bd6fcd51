// Two functions of node:util that tfjs-node 4.22 still calls and Node 23 removed.
import { createRequire } from "node:module";

/** Puts them back, for CommonJS callers. Can go when tfjs-node stops calling `util.isNullOrUndefined` and `util.isArray`. */
export function restoreNodeUtil(): void {
  const util: Record<string, unknown> = createRequire(import.meta.url)("node:util");
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

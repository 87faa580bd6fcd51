// Splits of a data set: from the names of folders, and from the lists that some data sets bring.
import { open } from "node:fs/promises";
import { parse } from "node:path";
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import { counted } from "./dataset-report.ts";
import type { DatasetTree } from "./dataset-tree.ts";

/** In the order in which they are listed. */
export const SPLITS: readonly string[] = ["train", "val", "test"];

/** A line a file name: a million of 60 bytes, more than any of these data sets has. */
const MAX_LIST_BYTES = 64 * 1024 * 1024;

/** train, val, test, then all others by name. */
export function inSplitOrder(folders: readonly string[]): string[] {
  const known = SPLITS.filter((split) => folders.includes(split));
  return [...known, ...folders.filter((folder) => !SPLITS.includes(folder))];
}

/**
 * Splits by the stem of a name, from `train.txt`, `val.txt` and `test.txt` in the root. A line is a name, with or
 * without folders and extension; what follows a space (the label file) is not looked at.
 */
export async function readSplitLists(tree: DatasetTree): Promise<Map<string, string>> {
  const splitOf = new Map<string, string>();
  for (const split of SPLITS) {
    const file = `${split}.txt`;
    if (!(await tree.hasFile(file))) continue;
    for (const stem of await readNameList(tree, file)) splitOf.set(stem, split);
  }
  return splitOf;
}

/** The stems that a list names; none, with a line in the report, when it can't be read. */
export async function readNameList(tree: DatasetTree, file: string): Promise<string[]> {
  const bytes = await readSmallFile(tree, file, MAX_LIST_BYTES);
  if (bytes === null) return [];
  return bytes
    .toString("utf8")
    .split(/\r?\n/)
    .map((line) => parse(line.trim().split(/\s/)[0] ?? "").name)
    .filter((stem) => stem !== "");
}

/** Null, with a line in the report, when it can't be read. */
export async function readSmallFile(tree: DatasetTree, file: string, maxBytes: number): Promise<Buffer | null> {
  try {
    const handle = await open(tree.path(file), "r");
    try {
      if ((await handle.stat()).size > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch {
    reportBadList(tree, file);
    return null;
  }
}

export function reportBadList(tree: DatasetTree, file: string): void {
  const describe = (_: number, path: string) => `"${path}" could not be read as a list of a split, and is not used.`;
  tree.report.add("dataset.splitList", file, describe, file);
}

/** The items with the splits of a list; what the list does not name has none. */
export function withSplits(
  items: readonly DatasetItem[],
  splitOf: ReadonlyMap<string, string>,
  stemOf: (item: DatasetItem) => string = ({ key }) => parse(key).name,
): DatasetItem[] {
  if (splitOf.size === 0) return [...items];
  return items.map((item) => ({ ...item, split: splitOf.get(stemOf(item)) ?? item.split }));
}

/** Says so where a list names what is not there. */
export function reportUnusedNames(tree: DatasetTree, names: Iterable<string>, found: ReadonlySet<string>): void {
  for (const name of names) {
    if (found.has(name)) continue;
    const describe = (count: number, first: string) =>
      `The list of a split names ${counted(count, "image")} that ${count === 1 ? "is" : "are"} not there, such as "${first}".`;
    tree.report.add("dataset.splitList", name, describe, "unused");
  }
}

// Tells from a few names which layout a folder has, and of which data set it is a part.
import { stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { DatasetLayout } from "../../../src-shared/contract/dataset.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { inputErrorFrom } from "../../files/read-input-file.ts";
import { DatasetReport } from "./dataset-report.ts";
import { DatasetTree } from "./dataset-tree.ts";
import { LAYOUTS } from "./layouts.ts";

/** Layouts of no particular data set: many folders look like them by accident. */
const GENERAL_LAYOUTS: readonly DatasetLayout[] = ["domains", "labelled-images", "images"];

/** Data sets that share a root; all others that match as well only look alike, as IDD and Cityscapes do. */
const SHARED_ROOTS: readonly (readonly DatasetLayout[])[] = [
  ["cityscapes", "foggy-cityscapes", "rain-cityscapes"],
  ["acdc", "acdc-reference"],
  ["bdd100k-night", "bdd100k"],
];

/** The folder of a city or a condition lies no deeper below the root of its data set. */
const MAX_DEPTH = 4;

export interface EnclosingDataset {
  readonly root: string;
  readonly layout: DatasetLayout;
  /** Where the folder lies in it, with slashes; "" for the root itself. */
  readonly below: string;
}

/**
 * The layout of a folder: "images" when it is of no known one.
 *
 * @throws AppError `input.missing`, `input.unreadable` when the root is no folder
 */
export async function detectLayout(root: string): Promise<DatasetLayout> {
  const [first] = await detectLayouts(root);
  return first ?? "images";
}

/**
 * All layouts that a folder has, the likeliest first: Cityscapes with fog and rain unpacked into it has three.
 *
 * @throws AppError as detectLayout
 */
export async function detectLayouts(root: string): Promise<DatasetLayout[]> {
  await requireFolder(root);
  const tree = await DatasetTree.open(root, new DatasetReport());
  const readers = Object.values(LAYOUTS);
  const matches = await Promise.all(readers.map((reader) => reader.matches(tree)));
  const found = readers.filter((_, index) => matches[index]).map(({ id }) => id);
  const [likeliest] = found;
  if (likeliest === undefined) return [];
  const sharing = SHARED_ROOTS.find((layouts) => layouts.includes(likeliest)) ?? [];
  return [likeliest, ...found.slice(1).filter((id) => sharing.includes(id))];
}

/**
 * The known data set that a folder is, or is a part of (`cityscapes/leftImg8bit/val`); null when it is of none.
 *
 * @throws AppError as detectLayout
 */
export async function findEnclosingDataset(folder: string): Promise<EnclosingDataset | null> {
  await requireFolder(folder);
  let root = folder;
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    const [layout] = await detectLayouts(root);
    const isPart = layout !== undefined && (await isArchive(root));
    if (layout !== undefined && !GENERAL_LAYOUTS.includes(layout) && !isPart) {
      return { root, layout, below: relative(root, folder).replaceAll(sep, "/") };
    }
    if (dirname(resolve(root)) === resolve(root)) return null;
    root = join(root, "..");
  }
  return null;
}

/** Whether a folder holds one archive of a data set whose others lie beside it. */
async function isArchive(root: string): Promise<boolean> {
  const above = dirname(resolve(root));
  const parent = await DatasetTree.open(above, new DatasetReport());
  if (!parent.hasArchive(basename(resolve(root)))) return false;
  const [layout] = await detectLayouts(above);
  return layout !== undefined && !GENERAL_LAYOUTS.includes(layout);
}

/** @throws AppError `input.missing`, `input.unreadable` */
export async function requireFolder(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    (error) => {
      throw inputErrorFrom(path, error);
    },
  );
  if (!isFolder) throw new AppError("input.unreadable", `"${path}" is a file; name the folder of the data set.`);
}

// Pairs the images of one folder with the label files of another: the step that all layouts share.
import { extname } from "node:path";
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import type { DatasetEncoding } from "../../../src-shared/labels/dataset-tables.ts";
import { isImageName, isOtherImageName } from "../images/image-formats.ts";
import { hasClassList } from "./class-list.ts";
import { counted } from "./dataset-report.ts";
import { type DatasetTree, joined } from "./dataset-tree.ts";

/** What a label file's name ends in, in any case of letters, and what its ids are. */
export interface LabelSuffix {
  readonly suffix: string;
  readonly encoding: DatasetEncoding;
}

export interface FolderPair {
  readonly images: string;
  /** Folders that may hold the labels, the preferred one first; empty when there are none to find. */
  readonly labels: readonly string[];
  /** The part of an image's name that its label shares; null for what is no image of the data set. */
  readonly stemOf: (name: string) => string | null;
  /** The preferred one first. */
  readonly suffixes: readonly LabelSuffix[];
  readonly split: string | null;
  /** Null where the layout has none. */
  readonly domain: string | null | ((name: string) => string | null);
  readonly tags: readonly string[] | ((name: string) => readonly string[]);
  /** Whether it is a fault when an image has no labels, and a label file no image. */
  readonly isComplete: boolean;
}

/** Images by any of their extensions: the stem is the name without it. */
export function imageStem(name: string): string | null {
  return isImageName(name) ? name.slice(0, name.length - extname(name).length) : null;
}

/** Images whose names end in a suffix, such as `_leftImg8bit`. */
export function stemBefore(suffix: string): (name: string) => string | null {
  return (name) => {
    const stem = imageStem(name);
    return stem?.endsWith(suffix) ? stem.slice(0, stem.length - suffix.length) : null;
  };
}

/** As many items as are made at a time: a folder of 100,000 images shows its first ones early. */
const CHUNK_ITEMS = 1000;

/** In the order of the names. @throws CancelledError */
export async function* pairFolders(tree: DatasetTree, pair: FolderPair): AsyncGenerator<DatasetItem[]> {
  const { files } = await tree.read(pair.images);
  const folders = await labelFolders(tree, pair);
  const stems = new Set<string>();
  let items: DatasetItem[] = [];
  for (const name of files) {
    const stem = pair.stemOf(name);
    if (stem === null) {
      reportSkippedFormat(tree, joined(pair.images, name));
      continue;
    }
    stems.add(stem.toLowerCase());
    items.push(itemOf(tree, pair, name, labelOf(stem, pair, folders)));
    if (items.length < CHUNK_ITEMS) continue;
    yield items;
    items = [];
  }
  if (pair.isComplete) reportStrayLabels(tree, pair, folders, stems);
  if (items.length > 0) yield items;
}

interface LabelFolder {
  readonly path: string;
  readonly names: ReadonlySet<string>;
  /** The same by their lower-case forms: cameras and some systems write `.PNG`. */
  readonly byLowerCase: ReadonlyMap<string, string>;
}

interface LabelFile {
  readonly path: string;
  readonly encoding: DatasetEncoding;
}

function labelFolders(tree: DatasetTree, { labels }: FolderPair): Promise<LabelFolder[]> {
  return Promise.all(
    labels.map(async (path) => {
      const { files } = await tree.read(path);
      return { path, names: new Set(files), byLowerCase: new Map(files.map((name) => [name.toLowerCase(), name])) };
    }),
  );
}

function labelOf(stem: string, { suffixes }: FolderPair, folders: readonly LabelFolder[]): LabelFile | null {
  for (const { suffix, encoding } of suffixes) {
    const wanted = `${stem}${suffix}`;
    for (const { path, names, byLowerCase } of folders) {
      const name = names.has(wanted) ? wanted : byLowerCase.get(wanted.toLowerCase());
      if (name !== undefined) return { path: joined(path, name), encoding };
    }
  }
  return null;
}

function itemOf(tree: DatasetTree, pair: FolderPair, name: string, label: LabelFile | null): DatasetItem {
  const key = tree.real(joined(pair.images, name));
  if (label === null && pair.isComplete) reportMissingLabel(tree, key);
  return {
    key,
    imagePath: tree.absolute(key),
    labelPath: label === null ? null : tree.path(label.path),
    labelEncoding: label?.encoding ?? null,
    split: pair.split,
    domain: typeof pair.domain === "function" ? pair.domain(name) : pair.domain,
    tags: [...(typeof pair.tags === "function" ? pair.tags(name) : pair.tags)],
  };
}

function reportStrayLabels(
  tree: DatasetTree,
  { suffixes }: FolderPair,
  folders: readonly LabelFolder[],
  stems: ReadonlySet<string>,
): void {
  // The longest first: "_labelTrainIds.png" ends in ".png" too.
  const byLength = suffixes.map(({ suffix }) => suffix.toLowerCase()).toSorted((a, b) => b.length - a.length);
  for (const { path, byLowerCase } of folders) {
    for (const [lower, name] of byLowerCase) {
      if (hasClassList([name])) continue;
      const suffix = byLength.find((ending) => lower.endsWith(ending));
      if (suffix === undefined || stems.has(lower.slice(0, lower.length - suffix.length))) continue;
      reportMissingImage(tree, tree.real(joined(path, name)));
    }
  }
}

/** Says so of a file that people take for an image, and that is of a format that is not read. */
export function reportSkippedFormat(tree: DatasetTree, path: string): void {
  if (!isOtherImageName(path)) return;
  const describe = (count: number, first: string) =>
    `${counted(count, "file")} such as "${first}" ${count === 1 ? "is" : "are"} of a format that is not read, and left out; ` +
    "save them as PNG or JPEG.";
  tree.report.add("dataset.formatSkipped", path, describe);
}

export function reportMissingLabel(tree: DatasetTree, key: string): void {
  const describe = (count: number, path: string) =>
    `${counted(count, "image")} such as "${path}" ${count === 1 ? "has" : "have"} no label file; ` +
    "what has none can be predicted, but not scored.";
  tree.report.add("dataset.labelMissing", key, describe);
}

export function reportMissingImage(tree: DatasetTree, path: string): void {
  const describe = (count: number, first: string) =>
    `${counted(count, "label file")} such as "${first}" ${count === 1 ? "belongs" : "belong"} to no image, and ${count === 1 ? "is" : "are"} left out.`;
  tree.report.add("dataset.imageMissing", path, describe);
}

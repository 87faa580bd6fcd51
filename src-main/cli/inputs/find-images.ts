// Finds the images that a command line names.
import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, extname, join, relative, resolve } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { isLabelFileName } from "../../engine/datasets/label-file-names.ts";
import { inputErrorFrom } from "../../engine/files/read-input-file.ts";
import { stemOf } from "./stem-of.ts";

export interface FoundImage {
  /** As given, or below the folder that was given. */
  readonly path: string;
  /** What its output files are called: the path below the given folder without extension, unique in a run. */
  readonly name: string;
}

const IMAGE_EXTENSIONS = [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"];

// As people count: 9.png before 10.png. A fixed language, so that the order is the same everywhere.
const NATURAL = new Intl.Collator("en", { numeric: true });

/**
 * Files are taken as they are named; folders are searched with all their subfolders, in natural order.
 *
 * @param paths     files and folders
 * @param excluded  folders that hold something else (labels, output), left out of the search
 * @throws AppError `input.missing`, `input.unreadable` (also for a folder without images)
 */
export async function findImages(paths: readonly string[], excluded: readonly string[]): Promise<FoundImage[]> {
  const taken = new Set<string>();
  const names = new Set<string>();
  const images: FoundImage[] = [];
  for (const path of paths) {
    for (const { path: file, name } of await imagesAt(path, excluded)) {
      if (taken.has(resolve(file))) continue;
      taken.add(resolve(file));
      images.push({ path: file, name: unusedName(name, names) });
    }
  }
  return images;
}

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

async function imagesAt(path: string, excluded: readonly string[]): Promise<FoundImage[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    (error) => {
      throw inputErrorFrom(path, error);
    },
  );
  const excludedPaths = new Set(excluded.map((folder) => resolve(folder)));
  // Beside a folder `images`, a folder `labels` holds just these, as in the built-in sample.
  const isNoImageFolder = (found: string, siblings: readonly string[]): boolean =>
    excludedPaths.has(resolve(found)) || (basename(found) === "labels" && siblings.includes("images"));
  if (!isFolder) return [{ path, name: stemOf(basename(path)) }];
  const files = (await filesBelow(path, isNoImageFolder)).filter(isImageFileName);
  if (files.length > 0) return files.map((file) => ({ path: file, name: stemOf(relative(path, file)) }));
  throw new AppError(
    "input.unreadable",
    `"${path}" holds no images; name a folder with ${IMAGE_EXTENSIONS.map((extension) => extension.slice(1)).join(", ")} files.`,
  );
}

function isImageFileName(path: string): boolean {
  return IMAGE_EXTENSIONS.includes(extname(path).toLowerCase()) && !isLabelFileName(path);
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

function unusedName(name: string, names: Set<string>): string {
  let unused = name;
  for (let i = 2; names.has(unused.toLowerCase()); i += 1) unused = `${name}-${i}`;
  names.add(unused.toLowerCase()); // some file systems do not tell cases apart
  return unused;
}

// Data sets whose archives were each unpacked into a folder of its own: their parts lie side by side, one level too deep.
import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Folders in which archives of Cityscapes, its kin and ACDC keep what they hold. */
const PARTS: readonly string[] = [
  ...[
    "leftImg8bit",
    "leftImg8bit_foggy",
    "leftImg8bit_rain",
    "gtFine",
    "gtFine2",
    "gtCoarse",
    "gtCoarse_daytime_trainvaltest",
  ],
  ...["rgb_anon", "gt"],
];
/** GTA5 comes as 01_images.zip, 01_labels.zip and so on, with the folders images and labels in them. */
const NUMBERED = /^\d\d_(images|labels)$/;
/** A root that holds more folders is not looked through. */
const MAX_FOLDERS = 200;

/** Where the parts of the data set lie: by the part's name, the folders that hold one, in order. Empty as a rule. */
export type ArchiveFolders = ReadonlyMap<string, readonly string[]>;

/**
 * Nothing for a root that has a part itself, and where several of its folders are whole data sets: then each is one.
 */
export async function archiveFolders(root: string): Promise<ArchiveFolders> {
  const folders = foldersOf(await entriesOf(root));
  if (folders.length > MAX_FOLDERS || folders.some((name) => PARTS.includes(name))) return new Map();
  const holding = await Promise.all(folders.map(async (name) => ({ name, parts: await partsIn(root, name) })));
  const archives = holding.filter(({ parts }) => parts.length > 0);
  const whole = archives.filter(({ parts }) => isWhole(parts));
  if (whole.length > 0 && archives.length > 1) return new Map();
  const byPart = new Map<string, string[]>();
  for (const { name, parts } of archives) {
    for (const part of parts) byPart.set(part, [...(byPart.get(part) ?? []), name]);
  }
  return [...byPart].every(([part, names]) => names.length === 1 || names.every((name) => isNamedFor(name, part)))
    ? byPart
    : new Map();
}

/** `leftImg8bit_trainvaltest` and `leftImg8bit_trainextra`: folders of one part that are called otherwise are two data sets. */
function isNamedFor(archive: string, part: string): boolean {
  return archive.includes(part);
}

/** Images and labels together. */
function isWhole(parts: readonly string[]): boolean {
  const isLabels = (part: string) => part.startsWith("gt") || part === "labels";
  return parts.some(isLabels) && !parts.every(isLabels);
}

async function partsIn(root: string, name: string): Promise<string[]> {
  const inside = foldersOf(await entriesOf(join(root, name)));
  const numbered = NUMBERED.exec(name)?.[1];
  if (numbered !== undefined) return inside.filter((part) => part === numbered);
  return inside.filter((part) => PARTS.includes(part));
}

function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

function foldersOf(entries: readonly Dirent[]): string[] {
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort();
}

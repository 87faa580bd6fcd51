// Files of polygons in folders of no known data set: one for each image, as LabelMe and Supervisely write them, or one for many.
import { basename } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { isImageName } from "../images/image-formats.ts";
import { type DatasetTree, joined } from "./dataset-tree.ts";
import type { Folder } from "./folder-roles.ts";
import { imageStem } from "./pair-folders.ts";
import { cocoImageNames, hasPolygons } from "./polygon-labels.ts";

const ENDING = /\.(?:json|txt)$/i;
/** Roboflow, Label Studio, COCO, and CVAT. */
const MANY_NAMES = /^(?:(?:_annotations\.coco|result|instances_.*|annotations?)\.json|annotations\.xml)$/i;

export interface PolygonFiles {
  /** With the stem of the image, in lower case, and the folder it lies in. */
  readonly single: readonly { readonly folder: Folder; readonly stem: string; readonly path: string }[];
  /** By the image's name, in lower case. */
  readonly ofMany: ReadonlyMap<string, string>;
}

/**
 * A file is taken for polygons when it is called as an image, or as tools call theirs, and holds some. Of the files of a folder
 * that are called as images the first is looked into: cameras write JSON, too.
 */
export async function findPolygonFiles(tree: DatasetTree, folders: readonly Folder[]): Promise<PolygonFiles> {
  const images = folders.filter(({ role }) => role === "images").flatMap(({ files }) => files.filter(isImageName));
  const stems = new Set(images.map((name) => (imageStem(name) ?? name).toLowerCase()));
  const single: PolygonFiles["single"][number][] = [];
  const ofMany = new Map<string, string>();
  for (const folder of folders) {
    const named = folder.files.filter((name) => ENDING.test(name)).map((name) => ({ name, stem: stemOf(name) }));
    const own = named.filter(({ stem }) => stems.has(stem));
    const [first] = own;
    const isUnderstood = first !== undefined && (await isOf(tree, folder, first.name));
    if (isUnderstood) {
      for (const { name, stem } of own) single.push({ folder, stem, path: joined(folder.path, name) });
    }
    for (const name of folder.files.filter((one) => MANY_NAMES.test(one))) {
      const path = joined(folder.path, name);
      for (const image of await namesIn(tree.path(path))) ofMany.set(basename(image).toLowerCase(), path);
    }
  }
  return { single, ofMany };
}

/** "street" of street.json and of street.jpg.json. */
function stemOf(name: string): string {
  const base = name.replace(ENDING, "");
  return (imageStem(base) ?? base).toLowerCase();
}

function isOf(tree: DatasetTree, folder: Folder, name: string): Promise<boolean> {
  return hasPolygons(tree.path(joined(folder.path, name)));
}

/** None of a file that is something else. */
async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return await cocoImageNames(path);
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}

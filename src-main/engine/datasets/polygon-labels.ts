// Draws label files that hold polygons, as the tools of the data sets do.
import { stat } from "node:fs/promises";
import { LRUCache } from "lru-cache";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { classOfName } from "../../../src-shared/labels/class-names.ts";
import { IGNORE_LABEL } from "../../../src-shared/labels/ignore-label.ts";
import { LABEL_SETS, type LabelSet, labelSetFor, type ModelClasses } from "../../../src-shared/labels/label-sets.ts";
import { CITYSCAPES_IDS } from "../../../src-shared/labels/tables/cityscapes-ids.ts";
import { IDD_IDS } from "../../../src-shared/labels/tables/idd-ids.ts";
import { readInputFile } from "../../files/read-input-file.ts";
import { requireSize } from "../images/decode-image.ts";
import { drawPolygon } from "../images/draw-polygon.ts";
import { readImageHeader } from "../images/read-image-header.ts";
import { type ClassList, classListFor } from "./class-list.ts";
import { type ItemLabels, type Meaning, meaningOfName, translated } from "./label-values.ts";
import { imageNamesOf, type Shapes, shapesOf, yoloPolygons } from "./polygon-files.ts";
import { yoloShapes } from "./yolo-text.ts";

/** COCO's annotations of all its training images are 450 MB. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;
/** Cityscapes' rule: a plate has no id, and is never drawn. */
const NEVER_DRAWN = "license plate";
const GROUP = /group$/;

/** What each name of Cityscapes and IDD counts as; null: as nothing. */
const KNOWN_NAMES: ReadonlyMap<string, string | null> = new Map(
  [...IDD_IDS, ...CITYSCAPES_IDS].map(([, name, countsAs]) => [name, countsAs]),
);

/** A file for many images is parsed once. */
const parsed = new LRUCache<string, Promise<unknown>>({ max: 4 });

/**
 * What no polygon covers counts for nothing.
 *
 * @throws AppError `image.format`, `image.size`, `input.missing`, `input.unreadable`, `checkpoint.classes`
 */
export async function readPolygonLabels(path: string, imagePath: string, model: ModelClasses): Promise<ItemLabels> {
  const shapes = isYolo(path) ? await yoloShapesAt(path, imagePath) : shapesOf(path, await documentOf(path), imagePath);
  const { width, height } = shapes.size ?? (await readImageHeader(imagePath));
  requireSize(path, { width, height });
  const { names, data } = drawn(shapes, width, height);
  const classes = labelSetFor(model);
  const list = classes.name === null ? await classListFor(path) : null;
  const read = translated({ width, height }, data, (index) =>
    index === 0 ? IGNORE_LABEL : meaningOf(names[index - 1] ?? "", classes, list),
  );
  const undrawn = [...shapes.undrawn].map(([name, count]) => `${count} of "${name}"`);
  const hints =
    undrawn.length === 0
      ? []
      : [`holds what is no polygon, ${undrawn.join(", ")}: it is not drawn, and its pixels count as what lies below.`];
  return { ...read, hints };
}

function isYolo(path: string): boolean {
  return path.toLowerCase().endsWith(".txt");
}

/** The names of the classes stand in a list beside it: data.yaml, as a rule. */
async function yoloShapesAt(path: string, imagePath: string): Promise<Shapes> {
  const shapes = yoloShapes(await textOf(path));
  if (shapes === null) throw new AppError("image.format", `"${path}" holds no polygons of YOLO's form.`);
  const list = await classListFor(path);
  const nameOf = (classId: number) => list?.nameOfId.get(classId) ?? `class ${classId}`;
  return yoloPolygons(shapes, nameOf, await readImageHeader(imagePath));
}

/** Indices into the names, from 1; 0 where there is nothing. */
function drawn({ shapes }: Shapes, width: number, height: number) {
  const names: string[] = [];
  const data = new Uint16Array(width * height);
  for (const { name, polygons, holes } of shapes) {
    if (withoutGroup(name) === NEVER_DRAWN) continue;
    if (!names.includes(name)) names.push(name);
    const before = holes.length === 0 ? null : data.slice();
    const index = names.indexOf(name) + 1;
    for (const polygon of polygons) drawPolygon({ width, height, data }, polygon, index);
    if (before !== null) restoreHoles({ width, height, data }, holes, before);
  }
  return { names, data };
}

function restoreHoles(
  map: { readonly width: number; readonly height: number; readonly data: Uint16Array },
  holes: Shapes["shapes"][number]["holes"],
  before: Uint16Array,
): void {
  const { width, height, data } = map;
  const isHole = new Uint8Array(data.length);
  for (const hole of holes) drawPolygon({ width, height, data: isHole }, hole, 1);
  for (const [i, value] of before.entries()) if (isHole[i] === 1) data[i] = value;
}

/** "cargroup" is several cars. */
function withoutGroup(name: string): string {
  return KNOWN_NAMES.has(name) ? name : name.replace(GROUP, "");
}

function meaningOf(name: string, model: LabelSet, list: ClassList | null): Meaning {
  const countsAs = KNOWN_NAMES.get(withoutGroup(name));
  const isOfCityscapes = LABEL_SETS.includes(model);
  if (countsAs === undefined || !isOfCityscapes) {
    const own = meaningOfName(withoutGroup(name), model, list);
    if (typeof own === "number" || countsAs === undefined) return own;
  }
  return countsAs === null || countsAs === undefined
    ? IGNORE_LABEL
    : (classOfName(countsAs, model.names) ?? IGNORE_LABEL);
}

async function documentOf(path: string): Promise<unknown> {
  const { mtimeMs = 0, size = 0 } = (await stat(path).catch(() => undefined)) ?? {};
  const key = `${path} ${mtimeMs} ${size}`;
  const known = parsed.get(key) ?? parse(path);
  parsed.set(key, known);
  known.catch(() => parsed.delete(key));
  return known;
}

async function parse(path: string): Promise<unknown> {
  const text = await textOf(path);
  if (text.trimStart().startsWith("<")) return text; // CVAT's
  if (text === "") throw new AppError("image.damaged", `"${path}" is empty: the file has no bytes; get it again.`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("image.damaged", `"${path}" is damaged or incomplete; get the file again.`, { cause });
  }
}

async function textOf(path: string): Promise<string> {
  return new TextDecoder().decode(await readInputFile(path, MAX_FILE_BYTES));
}

/** Whether a file holds polygons of one image. */
export async function hasPolygons(path: string): Promise<boolean> {
  try {
    if (isYolo(path)) return yoloShapes(await textOf(path)) !== null;
    shapesOf(path, await documentOf(path), path);
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** The names of the images that a file of COCO's form, or CVAT's, is about; none of another. @throws AppError about a file that can't be read */
export async function cocoImageNames(path: string): Promise<readonly string[]> {
  return imageNamesOf(await documentOf(path));
}

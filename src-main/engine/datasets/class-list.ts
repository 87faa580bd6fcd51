// Lists of classes that tools put beside their masks: names with the ids or the colours that stand for them.
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { readInputFile } from "../../files/read-input-file.ts";

export interface ClassList {
  readonly path: string;
  /** In the list's order. */
  readonly names: readonly string[];
  readonly nameOfId: ReadonlyMap<number, string>;
  /** By 65536 R + 256 G + B. */
  readonly nameOfColor: ReadonlyMap<number, string>;
}

interface Entry {
  readonly name: string;
  /** Null where the list tells colours alone. */
  readonly id: number | null;
  readonly color: number | null;
}

/** What such lists are called, in lower case, the more certain first. */
const LIST_NAMES: readonly string[] = [
  "labelmap.txt", // CVAT
  "label_colors.txt", // CamVid
  "class_dict.csv", // CamVid, as it is often copied
  "_classes.csv", // Roboflow
  "class_names.txt", // labelme2voc
  "label_colors.csv",
  "classes.csv",
  "classes.json",
  "meta.json", // Supervisely
  "classes.txt", // Label Studio
  "data.yaml", // YOLO
  "dataset.yaml",
];

/** A mask lies no deeper below its list: SegmentationClass/<split>/<city>/. */
const MAX_DEPTH = 3;
/** A thousand classes need less than a tenth. */
const MAX_LIST_BYTES = 1024 * 1024;

/** Searching costs some reads of folders, and thousands of masks lie in one. A list that is added is seen soon. */
const SEEN_FOR_MS = 5000;
const found = new LRUCache<string, Promise<{ readonly list: ClassList | null }>>({ max: 256, ttl: SEEN_FOR_MS });

/**
 * The list of classes beside a label file, or above it; null when there is none.
 *
 * @throws AppError `image.format` for a list that can't be understood
 */
export async function classListFor(labelPath: string): Promise<ClassList | null> {
  const folder = dirname(labelPath);
  const known = found.get(folder) ?? search(folder);
  found.set(folder, known, { noUpdateTTL: true });
  known.catch(() => found.delete(folder));
  return (await known).list;
}

/** @throws AppError `image.format`; as readInputFile */
export async function readClassList(path: string): Promise<ClassList> {
  const text = new TextDecoder().decode(await readInputFile(path, MAX_LIST_BYTES));
  const entries = entriesOf(path, text);
  const named = entries.filter(({ id, color }) => id !== null || color !== null);
  if (named.length === 0) throw notUnderstood(path);
  return {
    path,
    names: named.map(({ name }) => name),
    nameOfId: new Map(named.flatMap(({ id, name }) => (id === null ? [] : [[id, name]]))),
    nameOfColor: new Map(named.flatMap(({ color, name }) => (color === null ? [] : [[color, name]]))),
  };
}

/** Whether a folder's names include a list of classes. */
export function hasClassList(names: readonly string[]): boolean {
  return names.some((name) => LIST_NAMES.includes(name.toLowerCase()));
}

async function search(start: string): Promise<{ readonly list: ClassList | null }> {
  let folder = start;
  for (let depth = 0; depth <= MAX_DEPTH; depth += 1) {
    const names = await readdir(folder).catch(() => []);
    const [name] = LIST_NAMES.flatMap((known) => names.filter((one) => one.toLowerCase() === known));
    if (name !== undefined) return { list: await readClassList(join(folder, name)) };
    folder = dirname(folder);
  }
  return { list: null };
}

function entriesOf(path: string, text: string): Entry[] {
  if (path.toLowerCase().endsWith(".json")) return jsonEntries(path, text);
  if (path.toLowerCase().endsWith(".yaml")) return yamlEntries(text);
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (path.toLowerCase().endsWith(".csv")) return csvEntries(lines);
  // labelme2voc counts from −1, "__ignore__".
  const first = lines[0] === "__ignore__" ? -1 : 0;
  return lines.map((line, index) => lineEntry(line, index + first));
}

/** YOLO's `names`: a list in brackets, or lines of "- name" or "0: name". */
function yamlEntries(text: string): Entry[] {
  const inline = /^names:\s*\[([^\]]*)\]/m.exec(text)?.[1];
  const block = /^names:[ \t]*\r?\n((?:[ \t]+\S.*(?:\r?\n|$)|-\s.*(?:\r?\n|$))+)/m.exec(text)?.[1];
  const items = inline === undefined ? (block ?? "").split(/\r?\n/) : inline.split(",");
  return items
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map((item, index) => {
      const [, id = String(index), name = item] = /^(\d+)\s*:\s*(.*)$/.exec(item) ?? [];
      return { name: name.replace(/^-\s*/, "").replaceAll(/^["']|["']$/g, ""), id: Number(id), color: null };
    });
}

/** CVAT "name:r,g,b:parts:actions"; CamVid "r g b name"; "name r g b"; or a name alone, whose id is its place. */
function lineEntry(line: string, id: number): Entry {
  const cvat = /^(.*?):(\d+),(\d+),(\d+)(?::.*)?$/.exec(line);
  if (cvat !== null) return { name: cvat[1] ?? "", id, color: colorOf(cvat.slice(2, 5)) };
  const colorFirst = /^(\d+)[\s,]+(\d+)[\s,]+(\d+)[\s,]+(\S.*)$/.exec(line);
  if (colorFirst !== null) return { name: colorFirst[4] ?? "", id: null, color: colorOf(colorFirst.slice(1, 4)) };
  const colorLast = /^(\S.*?)[\s,]+(\d+)[\s,]+(\d+)[\s,]+(\d+)$/.exec(line);
  if (colorLast !== null) return { name: colorLast[1] ?? "", id: null, color: colorOf(colorLast.slice(2, 5)) };
  return { name: line, id, color: null };
}

/** Columns by their titles: "name, r, g, b" or "Pixel Value, Class". Without titles that say so, lines as in a text file. */
function csvEntries(lines: readonly string[]): Entry[] {
  const rows = lines.map((line) => line.split(",").map((cell) => cell.trim()));
  const titles = rows[0]?.map((title) => title.toLowerCase()) ?? [];
  const column = (...names: readonly string[]) => titles.findIndex((title) => names.includes(title));
  const [name, value] = [column("name", "class", "label", "class_name"), column("pixel value", "id", "value", "index")];
  const rgb = [column("r", "red"), column("g", "green"), column("b", "blue")];
  if (name < 0) return lines.map((line, index) => lineEntry(line, index));
  const hasColor = rgb.every((at) => at >= 0);
  return rows.slice(1).map((row) => ({
    name: row[name] ?? "",
    id: value < 0 ? null : Number.parseInt(row[value] ?? "", 10),
    color: hasColor ? colorOf(rgb.map((at) => row[at] ?? "")) : null,
  }));
}

const jsonClassSchema = z.object({
  name: z.string().optional(),
  title: z.string().optional(),
  id: z.int().min(0).max(65535).optional(),
  color: z.union([z.string(), z.array(z.int().min(0).max(255)).min(3)]).optional(),
});
const jsonListSchema = z.union([
  z.array(jsonClassSchema),
  z.object({ classes: z.array(jsonClassSchema) }).transform(({ classes }) => classes),
  z.object({ labels: z.array(jsonClassSchema) }).transform(({ labels }) => labels),
]);

/** Supervisely's `meta.json`, or a list of objects with `name`, `id` and `color`. */
function jsonEntries(path: string, text: string): Entry[] {
  const parsed = jsonListSchema.safeParse(jsonOf(text));
  if (!parsed.success) throw notUnderstood(path);
  return parsed.data.map(({ name, title, id, color }) => ({
    name: name ?? title ?? "",
    // Supervisely has numbers of its own, which no mask shows.
    id: title === undefined ? (id ?? null) : null,
    color: color === undefined ? null : typeof color === "string" ? hexColor(color) : colorOf(color.map(String)),
  }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the schema refuses it
  }
}

function hexColor(text: string): number | null {
  return /^#[0-9a-f]{6}$/i.test(text) ? Number.parseInt(text.slice(1), 16) : null;
}

function colorOf(channels: readonly string[]): number | null {
  const [r = Number.NaN, g = Number.NaN, b = Number.NaN] = channels.map(Number);
  return [r, g, b].every((value) => value >= 0 && value <= 255) ? (r << 16) | (g << 8) | b : null;
}

function notUnderstood(path: string): AppError {
  return new AppError(
    "image.format",
    `"${path}" is not understood as a list of classes; write a line such as "road:128,64,128" for each, as CVAT's labelmap.txt has it.`,
  );
}

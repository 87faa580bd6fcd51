// The names of a network's classes, where a checkpoint says them: mmsegmentation's meta, or what somebody noted beside the weights.
import { OpaqueObject, PickleTuple, type PickleValue } from "../pickle/pickle-values.ts";

export interface FoundClasses {
  readonly names: readonly string[];
  /** Red, green, blue of each; null where the file has none that fit. */
  readonly palette: readonly (readonly [number, number, number])[] | null;
}

/** What programs call the list, in lower case: mmsegmentation `CLASSES` and `classes`, Lightning's hyper parameters, id2label. */
const NAME_KEYS: readonly string[] = [
  "classes",
  "class_names",
  "classnames",
  "label_names",
  "labels",
  "names",
  "categories",
  "id2label",
  "idx2label",
];
const PALETTE_KEYS: readonly string[] = ["palette", "colors", "colours", "class_colors", "color_map", "colormap"];

// What is noted stands near the weights; configurations of whole trainings are larger than anybody reads through.
const MAX_DICTS = 2000;
const MAX_NAME_LENGTH = 100;
const MAX_CLASSES = 256;

/** All lists of names, nearest to the outermost dict first; attributes of objects that are not read count as a dict. */
export function classesIn(root: PickleValue): FoundClasses[] {
  const found: FoundClasses[] = [];
  const seen = new Set<PickleValue>();
  const waiting: PickleValue[] = [root];
  for (let place = 0; place < waiting.length && seen.size < MAX_DICTS; place += 1) {
    const value = waiting[place] ?? null;
    if (seen.has(value)) continue;
    const dicts = dictsOf(value);
    if (dicts.length > 0) seen.add(value);
    for (const dict of dicts) {
      const classes = classesOf(dict);
      if (classes !== null) found.push(classes);
      for (const inner of dict.values()) if (dictsOf(inner).length > 0) waiting.push(inner);
    }
  }
  return found;
}

type Dict = ReadonlyMap<PickleValue, PickleValue>;

function dictsOf(value: PickleValue): Dict[] {
  if (value instanceof Map) return [value];
  if (!(value instanceof OpaqueObject)) return [];
  return [value.entries, value.state].filter((one) => one instanceof Map && one.size > 0) as Dict[];
}

function classesOf(dict: Dict): FoundClasses | null {
  const named = [...dict]
    .filter(([key]) => typeof key === "string")
    .map(([key, value]) => [String(key).toLowerCase(), value] as const);
  for (const wanted of NAME_KEYS) {
    const names = namesOf(named.find(([key]) => key === wanted)?.[1] ?? null);
    if (names === null) continue;
    const colors = PALETTE_KEYS.map((key) => paletteOf(named.find(([name]) => name === key)?.[1] ?? null));
    return { names, palette: colors.find((one) => one?.length === names.length) ?? null };
  }
  return null;
}

/** A list of texts, or a dict of ids from 0 on. */
function namesOf(value: PickleValue): string[] | null {
  const items = value instanceof Map ? inOrder(value) : itemsOf(value);
  const isNames = items !== null && items.length >= 2 && items.length <= MAX_CLASSES && items.every(isName);
  return isNames ? (items as string[]).map((name) => name.trim()) : null;
}

function inOrder(dict: Dict): PickleValue[] | null {
  const items = [...dict.keys()].map((_, id) => dict.get(id) ?? dict.get(String(id)) ?? null);
  return items.includes(null) ? null : items;
}

function isName(value: PickleValue): boolean {
  return typeof value === "string" && value.trim() !== "" && value.length <= MAX_NAME_LENGTH;
}

function paletteOf(value: PickleValue): [number, number, number][] | null {
  const rows = itemsOf(value)?.map(itemsOf) ?? [];
  const isColor = (row: PickleValue[] | null): boolean =>
    row !== null &&
    row.length >= 3 &&
    row.every((one) => typeof one === "number" && Number.isInteger(one) && one >= 0 && one <= 255);
  return rows.length > 0 && rows.every(isColor)
    ? rows.map((row) => row?.slice(0, 3) as [number, number, number])
    : null;
}

function itemsOf(value: PickleValue): PickleValue[] | null {
  const items = value instanceof PickleTuple ? value.items : value;
  return Array.isArray(items) ? [...items] : null;
}

// From the numbers and colours of a label file to train ids, with an account of what is of no class.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { UnknownLabel } from "../../../src-shared/contract/unknown-labels.ts";
import { classOfName } from "../../../src-shared/labels/class-names.ts";
import { labelTableFor, type TableEncoding } from "../../../src-shared/labels/dataset-tables.ts";
import { IGNORE_LABEL } from "../../../src-shared/labels/ignore-label.ts";
import { type LabelSet, labelSetFor, type ModelClasses } from "../../../src-shared/labels/label-sets.ts";
import { CITYSCAPES_COLORS } from "../../../src-shared/labels/tables/cityscapes-colors.ts";
import type { ColorPixels, IdPixels } from "../images/read-label-pixels.ts";
import type { LabelMap } from "../images/rgb-image.ts";
import type { ClassList } from "./class-list.ts";

export interface ItemLabels {
  /** Train ids below numClasses, 255 where a pixel counts for nothing. */
  readonly labels: LabelMap;
  /** What is of no class; its pixels are 255. The most frequent first. */
  readonly unknown: readonly UnknownLabel[];
  /** Sentences about what the file may really be, without its name. */
  readonly hints: readonly string[];
}

/** What a value of a label file stands for: a train id, 255 for nothing, or something unknown. */
export type Meaning = number | { readonly unknown: string };

/** Colours that smoothing or compression has moved by so much in a channel still count as the listed one. */
const NEAR = 24;
/** As many kinds of unknown values are told one by one. */
const MAX_UNKNOWN = 100;
/** A file with a larger share of unknown colours is a picture, or has another list. */
const MAX_UNKNOWN_COLORS = 0.5;

/** Ids by the table of a data set. @throws AppError `label.ids`, `checkpoint.classes` */
export function fromIds(path: string, pixels: Omit<IdPixels, "kind">, encoding: TableEncoding, model: ModelClasses) {
  const { trainIds, isKnown, withoutPartner } = labelTableFor(encoding, model);
  const read = translated(pixels, pixels.data, (id) => {
    const strange = withoutPartner.get(id);
    if (strange !== undefined) return { unknown: `class "${strange}"` };
    return isKnown[id] === 1 ? (trainIds[id] ?? IGNORE_LABEL) : { unknown: `id ${id}` };
  });
  requireSomeKnown(path, read, `"${encoding}" has no such id; say what the ids mean with --label-encoding.`);
  return { ...read, hints: encoding === "ownIds" || encoding === "trainIds" ? maskHints(pixels.data) : [] };
}

/** Ids, or the colours of a palette, by a list of classes. @throws AppError `label.ids`, `checkpoint.classes` */
export function fromNamed(path: string, pixels: IdPixels, list: ClassList, model: ModelClasses): ItemLabels {
  const { data, palette } = pixels;
  const { nameOfColor, nameOfId } = list;
  const classes = labelSetFor(model);
  const colorOf = (id: number): number | null => {
    if (palette !== null) return packed(palette[id] ?? []);
    // Grey colours: of a mask of colours that happen to have none, and of lists without ids.
    return nameOfId.size === 0 && id <= 255 ? packed([id, id, id]) : null;
  };
  const usesColors = nameOfColor.size > 0 && distinct(data).every((id) => nameOfColor.has(colorOf(id) ?? -1));
  const read = translated(pixels, data, (id) => {
    const name = usesColors ? nameOfColor.get(colorOf(id) ?? -1) : nameOfId.get(id);
    if (name !== undefined) return meaningOfName(name, classes, list);
    return id === IGNORE_LABEL ? IGNORE_LABEL : { unknown: `id ${id}` };
  });
  if (read.unknown.every(({ what }) => what.startsWith("id"))) {
    requireSomeKnown(path, read, `"${list.path}" names none of its values.`);
  }
  return read;
}

/**
 * Colours by a list of classes, or by those that Cityscapes publishes. What is near a listed colour counts as that, and is
 * said; what is transparent counts for nothing.
 *
 * @throws AppError `image.format` when most of the colours are in no list
 */
export function fromColors(path: string, pixels: ColorPixels, list: ClassList | null, model: ModelClasses): ItemLabels {
  const classes = labelSetFor(model);
  const names = list !== null && list.nameOfColor.size > 0 ? list.nameOfColor : CITYSCAPES_COLORS;
  const { data, isTransparent } = pixels;
  const colors = Int32Array.from({ length: pixels.width * pixels.height }, (_, i) =>
    isTransparent?.[i] === 1 ? TRANSPARENT : packed([data[3 * i] ?? 0, data[3 * i + 1] ?? 0, data[3 * i + 2] ?? 0]),
  );
  const near = new Map<number, string>();
  const read = translated(pixels, colors, (color) => {
    if (color === TRANSPARENT || (color === BLACK && !names.has(color))) return IGNORE_LABEL;
    const name = names.get(color) ?? nearest(color, names);
    if (name === undefined) return { unknown: `colour ${channels(color).join(" ")}` };
    if (!names.has(color)) near.set(color, name);
    return meaningOfName(name, classes, list);
  });
  const strange = read.unknown.filter(({ what }) => what.startsWith("colour"));
  const strangePixels = strange.reduce((sum, { pixels: count }) => sum + count, 0);
  if (strangePixels > MAX_UNKNOWN_COLORS * colors.length) throw noList(path, strange[0]?.what ?? "", list);
  const nearPixels = colors.reduce((sum, color) => sum + (near.has(color) ? 1 : 0), 0);
  const hints =
    nearPixels === 0
      ? []
      : [
          `has ${nearPixels} pixels whose colours are in no list, but near one that is: they count as that; ` +
            "masks are best saved without smoothing and without loss.",
        ];
  return { ...read, hints };
}

const TRANSPARENT = -1;
/** Nobody's class: what tools fill in first. */
const BLACK = 0;

/**
 * Of a model whose classes have no names, those of a list are meant by their places in it.
 *
 * @param list  where the name is from; null for names that stand in the label file itself
 */
export function meaningOfName(name: string, model: LabelSet, list: Pick<ClassList, "names"> | null): Meaning {
  const place = model.name === null ? (list?.names.indexOf(name) ?? -1) : -1;
  if (place >= 0 && place < model.numClasses) return place;
  return classOfName(name, model.names) ?? { unknown: `class "${name}"` };
}

function nearest(color: number, names: ReadonlyMap<number, string>): string | undefined {
  const wanted = channels(color);
  let best: { readonly distance: number; readonly name: string } | undefined;
  for (const [known, name] of names) {
    const distance = Math.max(...channels(known).map((value, c) => Math.abs(value - (wanted[c] ?? 0))));
    if (distance <= NEAR && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { distance, name };
  }
  return best?.name;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Each value is looked up once, and counted. */
export function translated(
  { width, height }: Size,
  values: Uint8Array | Uint16Array | Int32Array,
  meaningOf: (value: number) => Meaning,
): ItemLabels {
  const known = new Map<number, { readonly trainId: number; readonly unknown: string | null; pixels: number }>();
  const data = new Uint8Array(values.length);
  let [value, entry] = [Number.NaN, { trainId: IGNORE_LABEL, unknown: null as string | null, pixels: 0 }];
  for (let i = 0; i < values.length; i++) {
    const next = values[i] ?? 0; // in range
    if (next !== value) {
      value = next;
      let found = known.get(value);
      if (found === undefined) {
        const meaning = meaningOf(value);
        const isUnknown = typeof meaning === "object";
        found = {
          trainId: isUnknown ? IGNORE_LABEL : meaning,
          unknown: isUnknown ? meaning.unknown : null,
          pixels: 0,
        };
        known.set(value, found);
      }
      entry = found;
    }
    entry.pixels += 1;
    data[i] = entry.trainId;
  }
  return { labels: { width, height, data }, unknown: unknownOf([...known.values()]), hints: [] };
}

/** The most frequent first; a name that several values have comes once. */
function unknownOf(entries: readonly { readonly unknown: string | null; readonly pixels: number }[]): UnknownLabel[] {
  const pixelsOf = new Map<string, number>();
  for (const { unknown, pixels } of entries) {
    if (unknown !== null) pixelsOf.set(unknown, (pixelsOf.get(unknown) ?? 0) + pixels);
  }
  const all = [...pixelsOf].map(([what, pixels]) => ({ what, pixels })).toSorted((a, b) => b.pixels - a.pixels);
  const rest = all.slice(MAX_UNKNOWN).reduce((sum, { pixels }) => sum + pixels, 0);
  return [...all.slice(0, MAX_UNKNOWN), ...(rest === 0 ? [] : [{ what: "others", pixels: rest }])];
}

/** A file in which nothing is known means something else. Nothing but 255 is a file of nothing, and lawful. */
function requireSomeKnown(path: string, { labels, unknown }: ItemLabels, advice: string): void {
  const [first] = unknown;
  const pixels = unknown.reduce((sum, one) => sum + one.pixels, 0);
  if (first === undefined || pixels < labels.data.length) return;
  throw new AppError("label.ids", `"${path}" holds the ${first.what} and nothing that is of a class: ${advice}`);
}

/** Masks of a single class have the values of black and white. */
function maskHints(data: Uint8Array | Uint16Array): string[] {
  const values = distinct(data);
  if (values.length !== 2 || !values.includes(0) || !values.includes(IGNORE_LABEL)) return [];
  return [
    "holds 0 and 255 alone: as train ids, that is the first class and nothing; if it is a mask of black and white, its ids are others.",
  ];
}

function distinct(data: Uint8Array | Uint16Array): number[] {
  const isThere = new Uint8Array(1 << 16);
  for (let i = 0; i < data.length; i++) isThere[data[i] ?? 0] = 1;
  return [...isThere.keys()].filter((value) => isThere[value] === 1);
}

function packed([r = 0, g = 0, b = 0]: readonly number[]): number {
  return (r << 16) | (g << 8) | b;
}

function channels(color: number): readonly [number, number, number] {
  return [color >> 16, (color >> 8) & 255, color & 255];
}

function noList(path: string, strange: string, list: ClassList | null): AppError {
  const where = list === null ? "Cityscapes' colours" : `"${list.path}"`;
  return new AppError(
    "image.format",
    `"${path}" holds colours, and most of its pixels, such as ${strange}, are not of ${where}; put the list of classes and colours beside it as labelmap.txt, or name it with --label-classes.`,
  );
}

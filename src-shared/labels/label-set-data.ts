// Label sets as data, and back: what a checkpoint says of its classes becomes names, colours and ids.
import { AppError } from "../contract/errors.ts";
import { type LabelSetData, labelSetSchema } from "../contract/label-set.ts";
import { distinctPalette } from "./distinct-palette.ts";
import { LABEL_SETS, type LabelSet, labelSetFor } from "./label-sets.ts";
import { COLOR_BLIND_SAFE_PALETTE } from "./palettes.ts";

/** What has classes: a checkpoint, or a run of one. */
export interface WithClasses {
  readonly numClasses: number;
  readonly labelSet?: LabelSetData | undefined;
}

/** @throws AppError `checkpoint.classes` as `labelSetFor` */
export function labelSetOf({ numClasses, labelSet }: WithClasses): LabelSet {
  return labelSet === undefined ? labelSetFor(numClasses) : labelSetFrom(labelSet);
}

/** Those that were asked for: what is drawn compares label sets by identity. */
const MADE = new Map<string, LabelSet>();
const MAX_MADE = 200;

export function labelSetFrom(data: LabelSetData): LabelSet {
  const text = JSON.stringify(data);
  const known = MADE.get(text) ?? sameAsBuiltIn(data) ?? made(data, `set-${checksum(text)}`);
  if (MADE.size >= MAX_MADE) MADE.clear();
  MADE.set(text, known);
  return known;
}

/** Two sums of 32 bits each, in hexadecimal: enough to tell the label sets of a workspace apart. */
function checksum(text: string): string {
  let [high, low] = [0x811c9dc5, 0x1b873593];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ (code + 0x9e37), 0x85ebca6b);
  }
  return (high >>> 0).toString(16).padStart(8, "0") + (low >>> 0).toString(16).padStart(8, "0");
}

/** Classes that are Cityscapes' or SYNTHIA's have their ids in all data sets, too. */
function sameAsBuiltIn({ classes }: LabelSetData): LabelSet | undefined {
  const hasOwnIds = classes.some(({ ids }, trainId) => ids !== undefined && ids.join() !== String(trainId));
  if (hasOwnIds) return undefined;
  return LABEL_SETS.find(
    ({ names, palette }) =>
      names.length === classes.length &&
      classes.every(
        ({ name, color }, k) =>
          name.toLowerCase() === names[k] && (color === undefined || color.join() === palette[k]?.join()),
      ),
  );
}

function made({ name, classes, ignored }: LabelSetData, key: string): LabelSet {
  const spare = distinctPalette(classes.length);
  return {
    key,
    name,
    numClasses: classes.length,
    names: classes.map((one) => one.name),
    palette: classes.map(({ color }, trainId) => color ?? spare[trainId] ?? [0, 0, 0]),
    colorBlindSafePalette: distinctPalette(classes.length, COLOR_BLIND_SAFE_PALETTE),
    cityscapesIds: null,
    fileIds: classes.map(({ ids }, trainId) => ids ?? [trainId]),
    ignoredIds: ignored,
  };
}

/**
 * A label set from the text of its file.
 *
 * @param source  what is read, for the message
 * @throws AppError `input.unreadable` for what is none, naming the first thing that is wrong
 */
export function parsedLabelSet(text: string, source: string): LabelSetData {
  const parsed = labelSetSchema.safeParse(jsonOf(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? "" : ` at "${issue.path.join(".")}"`;
    throw new AppError(
      "input.unreadable",
      `"${source}" is no label set: ${issue?.message ?? "it is not JSON"}${where}; write {"name": …, "classes": [{"name": …, "color": [r, g, b], "ids": […]}, …]}.`,
    );
  }
  const twice = repeatedName(parsed.data) ?? repeatedId(parsed.data);
  if (twice === undefined) return parsed.data;
  throw new AppError("input.unreadable", `"${source}" is no label set: ${twice}; give each class its own.`);
}

function repeatedName({ classes }: LabelSetData): string | undefined {
  const names = classes.map(({ name }) => name.toLowerCase());
  const repeated = names.find((name, k) => names.indexOf(name) !== k);
  return repeated === undefined ? undefined : `two classes are called "${repeated}"`;
}

function repeatedId({ classes, ignored }: LabelSetData): string | undefined {
  const ids = [...classes.flatMap(({ ids: own = undefined }, k) => own ?? [k]), ...ignored];
  const repeated = ids.find((id, k) => ids.indexOf(id) !== k);
  return repeated === undefined ? undefined : `the id ${repeated} is given twice`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the schema refuses it
  }
}

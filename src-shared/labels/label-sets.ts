// Label sets: names, colours and ids of the classes that a model is trained for, by train id.
import { AppError } from "../contract/errors.ts";
import { distinctPalette } from "./distinct-palette.ts";
import { CITYSCAPES_PALETTE, COLOR_BLIND_SAFE_PALETTE, type Palette } from "./palettes.ts";

/** The classes of a model; every list is indexed by train id and has `numClasses` entries. */
export interface LabelSet {
  /** Tells it from all others: the number of classes where that says which, or a sum over what it holds. */
  readonly key: string;
  /** Of the whole, such as "Cityscapes"; null where nobody has named the classes: "class 0", "class 1" and so on. */
  readonly name: string | null;
  readonly numClasses: number;
  readonly names: readonly string[];
  /** The colours Cityscapes publishes, or the set's own. */
  readonly palette: Palette;
  /** Colours that colour-blind eyes can tell apart. */
  readonly colorBlindSafePalette: Palette;
  /** The id each class has in Cityscapes' `_labelIds.png` files; null where the classes are not among Cityscapes'. */
  readonly cityscapesIds: readonly number[] | null;
  /** The ids of each class in label files of the set's own. */
  readonly fileIds: readonly (readonly number[])[];
  /** Ids in such files that count for nothing, besides 255. */
  readonly ignoredIds: readonly number[];
}

/** What says of which classes something is: a label set, or a number of classes where that says which. */
export type ModelClasses = number | LabelSet;

/** Train ids are bytes, and 255 is nobody's. */
export const MIN_CLASSES = 2;
export const MAX_CLASSES = 255;

/** Each class is its own id. */
export function ownIds(numClasses: number): number[][] {
  return Array.from({ length: numClasses }, (_, trainId) => [trainId]);
}

export const CITYSCAPES_19: LabelSet = {
  key: "19",
  name: "Cityscapes",
  numClasses: 19,
  names: [
    "road",
    "sidewalk",
    "building",
    "wall",
    "fence",
    "pole",
    "traffic light",
    "traffic sign",
    "vegetation",
    "terrain",
    "sky",
    "person",
    "rider",
    "car",
    "truck",
    "bus",
    "train",
    "motorcycle",
    "bicycle",
  ],
  palette: CITYSCAPES_PALETTE,
  colorBlindSafePalette: COLOR_BLIND_SAFE_PALETTE,
  cityscapesIds: [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33],
  fileIds: ownIds(19),
  ignoredIds: [],
};

/** What SYNTHIA lacks, as train ids of the 19 classes: terrain, truck and train. */
const DROPPED_IN_16: readonly number[] = [9, 14, 16];

export const SYNTHIA_16: LabelSet = {
  key: "16",
  name: "SYNTHIA",
  numClasses: 16,
  names: keptIn16(CITYSCAPES_19.names),
  palette: keptIn16(CITYSCAPES_19.palette),
  colorBlindSafePalette: keptIn16(CITYSCAPES_19.colorBlindSafePalette),
  cityscapesIds: keptIn16(CITYSCAPES_19.cityscapesIds ?? []),
  fileIds: ownIds(16),
  ignoredIds: [],
};

/** Those that a number of classes stands for. */
export const LABEL_SETS: readonly LabelSet[] = [CITYSCAPES_19, SYNTHIA_16];

/** The entries of a 19-class list that remain with 16 classes, renumbered without gaps. */
export function keptIn16<T>(perClass: readonly T[]): readonly T[] {
  return perClass.filter((_, trainId) => !DROPPED_IN_16.includes(trainId));
}

/**
 * The label set itself; or that of a model with so many outputs, of which nothing else is known: 19 (trained on GTA5 or
 * Cityscapes), 16 (trained on SYNTHIA), or as many classes without names, each in a colour of its own.
 *
 * @throws AppError `checkpoint.classes` for less than 2 classes, or more than train ids can number
 */
export function labelSetFor(classes: ModelClasses): LabelSet {
  if (typeof classes !== "number") return classes;
  const known = LABEL_SETS.find((set) => set.numClasses === classes) ?? UNNAMED.get(classes);
  if (known !== undefined) return known;
  if (!Number.isInteger(classes) || classes < MIN_CLASSES || classes > MAX_CLASSES) {
    throw new AppError(
      "checkpoint.classes",
      `The model has ${classes} classes, and label maps can hold ${MIN_CLASSES} to ${MAX_CLASSES}; choose another checkpoint.`,
    );
  }
  const unnamed = unnamedSet(classes);
  UNNAMED.set(classes, unnamed);
  return unnamed;
}

/** Those that were asked for: what is drawn compares label sets by identity. */
const UNNAMED = new Map<number, LabelSet>();

function unnamedSet(numClasses: number): LabelSet {
  return {
    key: String(numClasses),
    name: null,
    numClasses,
    names: Array.from({ length: numClasses }, (_, trainId) => `class ${trainId}`),
    palette: distinctPalette(numClasses),
    colorBlindSafePalette: distinctPalette(numClasses, COLOR_BLIND_SAFE_PALETTE),
    cityscapesIds: null,
    fileIds: ownIds(numClasses),
    ignoredIds: [],
  };
}

// The two class sets that models are trained for: names, colours and Cityscapes ids by train id.
import { AppError } from "../contract/errors.ts";
import { CITYSCAPES_PALETTE, COLOR_BLIND_SAFE_PALETTE, type Palette } from "./palettes.ts";

/** The classes of a model; every list is indexed by train id and has `numClasses` entries. */
export interface LabelSet {
  readonly numClasses: number;
  readonly names: readonly string[];
  /** The colours Cityscapes publishes. */
  readonly palette: Palette;
  /** Colours that colour-blind eyes can tell apart. */
  readonly colorBlindSafePalette: Palette;
  /** The id each class has in Cityscapes' `_labelIds.png` files. */
  readonly cityscapesIds: readonly number[];
}

const CITYSCAPES_19: LabelSet = {
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
};

/** What SYNTHIA lacks, as train ids of the 19 classes: terrain, truck and train. */
const DROPPED_IN_16: readonly number[] = [9, 14, 16];

const SYNTHIA_16: LabelSet = {
  numClasses: 16,
  names: keptIn16(CITYSCAPES_19.names),
  palette: keptIn16(CITYSCAPES_19.palette),
  colorBlindSafePalette: keptIn16(CITYSCAPES_19.colorBlindSafePalette),
  cityscapesIds: keptIn16(CITYSCAPES_19.cityscapesIds),
};

/** Those whose names and colours are known. */
export const LABEL_SETS: readonly LabelSet[] = [CITYSCAPES_19, SYNTHIA_16];

/** The entries of a 19-class list that remain with 16 classes, renumbered without gaps. */
export function keptIn16<T>(perClass: readonly T[]): readonly T[] {
  return perClass.filter((_, trainId) => !DROPPED_IN_16.includes(trainId));
}

/**
 * The classes of a model with that many outputs: 19 (trained on GTA5 or Cityscapes) or 16 (trained on SYNTHIA).
 *
 * @throws AppError `checkpoint.classes` for any other number
 */
export function labelSetFor(numClasses: number): LabelSet {
  const known = LABEL_SETS.find((set) => set.numClasses === numClasses);
  if (known !== undefined) return known;
  throw new AppError(
    "checkpoint.classes",
    `The model has ${numClasses} classes, but names and colours are known only for 19 (Cityscapes, GTA5) and 16 (SYNTHIA); ` +
      "choose a checkpoint with one of these.",
  );
}

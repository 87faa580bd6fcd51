// Which class a label file's id stands for, per encoding: 256-entry tables from label id to train id.
import { AppError } from "../contract/errors.ts";
import { labelTableFor } from "./dataset-tables.ts";
import { IGNORE_LABEL } from "./ignore-label.ts";
import { labelSetFor, type ModelClasses } from "./label-sets.ts";

/** How a data set numbers the classes in its label files. */
export type LabelEncoding = "cityscapes" | "gta" | "bdd" | "idd" | "mapillary" | "wilddash" | "synthia";

export const LABEL_ENCODINGS: readonly LabelEncoding[] = [
  "cityscapes",
  "gta",
  "bdd",
  "idd",
  "mapillary",
  "wilddash",
  "synthia",
];

const NUM_TABLE_ENTRIES = 256; // one for each value of an 8-bit label pixel

/**
 * The table that turns a label file's ids into train ids of a model with `numClasses` classes.
 *
 * Entry i is the train id of label id i; ids that belong to no class become 255. The files of "bdd" and "idd" hold
 * train ids already: for 19 classes the table leaves every value as it is (metrics skip what is not below 19).
 * Source: self-adaptation specification, 4.1; tables recorded from the original program.
 *
 * @throws AppError `checkpoint.classes` when numClasses is neither 19 nor 16
 * @throws AppError `input.option` for SYNTHIA's labels with a 19-class model, which the data set cannot express
 */
export function labelIdToTrainId(encoding: LabelEncoding, numClasses: number): Uint8Array {
  const classes = numClasses;
  if (encoding === "synthia" && classes !== 16) {
    throw new AppError(
      "input.option",
      `SYNTHIA's labels know 16 classes, the model has ${numClasses}; evaluate it on another data set, or use a 16-class model.`,
    );
  }
  if (encoding !== "bdd" && encoding !== "idd") return labelTableFor(encoding, classes).trainIds;
  if (classes !== 19) return labelTableFor("trainIds", classes).trainIds;
  return Uint8Array.from({ length: NUM_TABLE_ENTRIES }, (_, id) => id);
}

/**
 * The table that turns train ids back into Cityscapes label ids, as its evaluation server expects them.
 * 255 and everything that is no class become 0, "unlabeled".
 *
 * @throws AppError `checkpoint.classes` for classes that are not among Cityscapes'
 */
export function cityscapesIdFromTrainId(classes: ModelClasses): Uint8Array {
  const table = new Uint8Array(NUM_TABLE_ENTRIES);
  table.set(requireCityscapesIds(classes));
  return table;
}

/**
 * The table to the ids that label files of these classes hold: Cityscapes' own, with 0 for everything that is no class, or
 * the first id that the label set has for each, with 255 for the rest.
 */
export function fileIdFromTrainId(classes: ModelClasses): Uint8Array {
  const { cityscapesIds, fileIds } = labelSetFor(classes);
  if (cityscapesIds !== null) return cityscapesIdFromTrainId(classes);
  const table = new Uint8Array(NUM_TABLE_ENTRIES).fill(IGNORE_LABEL);
  table.set(fileIds.map(([first], trainId) => first ?? trainId));
  return table;
}

/** @throws AppError `checkpoint.classes` for classes that are not among Cityscapes' */
export function requireCityscapesIds(classes: ModelClasses): readonly number[] {
  const { cityscapesIds, names } = labelSetFor(classes);
  if (cityscapesIds !== null) return cityscapesIds;
  throw new AppError(
    "checkpoint.classes",
    `The model's ${names.length} classes, such as "${names[0]}", have no ids of Cityscapes, which are asked for here; choose ids of the model's own classes.`,
  );
}

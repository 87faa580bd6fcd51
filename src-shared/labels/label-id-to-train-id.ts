// Which class a label file's id stands for, per encoding: 256-entry tables from label id to train id.
import { AppError } from "../contract/errors.ts";
import { IGNORE_LABEL } from "./ignore-label.ts";
import { keptIn16, labelSetFor } from "./label-sets.ts";

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

/** Per train id of the 19 classes, the ids that mean it. Ids that are nowhere in the list are ignored. */
type IdsPerClass = readonly (readonly number[])[];

// Cityscapes' own ids, which GTA5's label files use too.
const CITYSCAPES_IDS: IdsPerClass = labelSetFor(19).cityscapesIds.map((id) => [id]);

// Mapillary Vistas 1.2, ids 0..65.
const MAPILLARY_IDS: IdsPerClass = [
  [13, 24, 41], // road, lane marking, manhole
  [2, 15], // curb, sidewalk
  [17],
  [6],
  [3],
  [45, 47], // pole, utility pole
  [48],
  [50],
  [30],
  [29],
  [27],
  [19],
  [20, 21, 22], // bicyclist, motorcyclist, other rider
  [55],
  [61],
  [54],
  [58],
  [57],
  [52],
];

// WildDash 2 as 8-bit ids: Cityscapes' plus van (34) and pickup (35) as car, street marking (38) as road.
const WILDDASH_EXTRA = new Map([
  [0, [38]],
  [13, [34, 35]],
]);
const WILDDASH_IDS: IdsPerClass = CITYSCAPES_IDS.map((ids, trainId) => [
  ...ids,
  ...(WILDDASH_EXTRA.get(trainId) ?? []),
]);

// SYNTHIA-RAND-CITYSCAPES; already in the order of the 16 classes.
const SYNTHIA_IDS_16: IdsPerClass = [3, 4, 2, 21, 5, 7, 15, 9, 6, 1, 10, 17, 8, 19, 12, 11].map((id) => [id]);

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
  const { numClasses: classes } = labelSetFor(numClasses);
  if (encoding === "synthia") {
    if (classes !== 16) {
      throw new AppError(
        "input.option",
        `SYNTHIA's labels know 16 classes, the model has ${numClasses}; evaluate it on another data set, or use a 16-class model.`,
      );
    }
    return tableOf(SYNTHIA_IDS_16);
  }
  const ids = idsPerClass19(encoding);
  if (ids === "train-ids" && classes === 19) return Uint8Array.from({ length: NUM_TABLE_ENTRIES }, (_, id) => id);
  const perClass = ids === "train-ids" ? Array.from({ length: 19 }, (_, trainId) => [trainId]) : ids;
  return tableOf(classes === 16 ? keptIn16(perClass) : perClass);
}

/**
 * The table that turns train ids back into Cityscapes label ids, as its evaluation server expects them.
 * 255 and everything that is no class become 0, "unlabeled".
 *
 * @throws AppError `checkpoint.classes` when numClasses is neither 19 nor 16
 */
export function cityscapesIdFromTrainId(numClasses: number): Uint8Array {
  const table = new Uint8Array(NUM_TABLE_ENTRIES);
  table.set(labelSetFor(numClasses).cityscapesIds);
  return table;
}

function idsPerClass19(encoding: Exclude<LabelEncoding, "synthia">): IdsPerClass | "train-ids" {
  switch (encoding) {
    case "cityscapes":
    case "gta":
      return CITYSCAPES_IDS;
    case "mapillary":
      return MAPILLARY_IDS;
    case "wilddash":
      return WILDDASH_IDS;
    case "bdd":
    case "idd":
      return "train-ids";
    default:
      return encoding satisfies never;
  }
}

function tableOf(idsPerClass: IdsPerClass): Uint8Array {
  const table = new Uint8Array(NUM_TABLE_ENTRIES).fill(IGNORE_LABEL);
  for (const [trainId, ids] of idsPerClass.entries()) {
    for (const id of ids) table[id] = trainId;
  }
  return table;
}

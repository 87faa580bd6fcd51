// What the ids in each data set's label files mean: the table to train ids, and which ids there are at all.
import { BugError } from "../contract/errors.ts";
import { IGNORE_LABEL } from "./ignore-label.ts";
import { labelSetFor } from "./label-sets.ts";
import { CITYSCAPES_IDS } from "./tables/cityscapes-ids.ts";
import { IDD_IDS } from "./tables/idd-ids.ts";
import type { LabelRow } from "./tables/label-row.ts";
import { MAPILLARY_IDS } from "./tables/mapillary-ids.ts";
import { SYNTHIA_IDS } from "./tables/synthia-ids.ts";
import { WILDDASH_IDS } from "./tables/wilddash-ids.ts";

/**
 * How the label files of data sets number their classes. "trainIds" are those of the 19 classes; "wilddash" is the
 * self-adaptive program's reading of 8-bit WildDash labels, "wilddash2" the publisher's own of panoptic ones.
 */
export const DATASET_ENCODINGS = [
  "trainIds",
  "cityscapes",
  "gta",
  "synthia",
  "mapillary",
  "wilddash",
  "wilddash2",
  "iddIds",
] as const;
export type DatasetEncoding = (typeof DATASET_ENCODINGS)[number];

export interface LabelTable {
  /** 256 entries: the train id of every id, 255 where it counts for nothing. */
  readonly trainIds: Uint8Array;
  /** 256 entries: 1 where the data set has such an id. 255 is known everywhere. */
  readonly isKnown: Uint8Array;
}

const NUM_TABLE_ENTRIES = 256; // one for each value of an 8-bit label pixel
const GTA_LICENSE_PLATE_ID = 34; // Cityscapes has it as -1, which is never drawn

/** The self-adaptive program's: ids up to 38 count, and a pickup is a car, not a truck. */
const LAST_SELF_ADAPTIVE_ID = 38;
const PICKUP_ID = 34;

/**
 * The table of an encoding for a model of `numClasses` classes. With 16 the three classes that SYNTHIA lacks are
 * ignored, and the others renumbered without gaps. Source: dataset specification, 2 and 3.
 *
 * @throws AppError `checkpoint.classes` when numClasses is neither 19 nor 16
 */
export function labelTableFor(encoding: DatasetEncoding, numClasses: number): LabelTable {
  const trainIdOfName = trainIdsByName(numClasses);
  const trainIds = new Uint8Array(NUM_TABLE_ENTRIES).fill(IGNORE_LABEL);
  const isKnown = new Uint8Array(NUM_TABLE_ENTRIES);
  isKnown[IGNORE_LABEL] = 1;
  for (const [id, , countsAs] of rowsOf(encoding)) {
    isKnown[id] = 1;
    if (countsAs === null) continue;
    const trainId = trainIdOfName.get(countsAs);
    if (trainId === undefined) throw new BugError(`${encoding} id ${id} counts as "${countsAs}", which is no class`);
    trainIds[id] = trainId;
  }
  return { trainIds, isKnown };
}

/** Of all 19 names: with 16 classes, three of them are 255. */
function trainIdsByName(numClasses: number): ReadonlyMap<string, number> {
  const kept = labelSetFor(numClasses).names;
  return new Map(labelSetFor(19).names.map((name) => [name, kept.includes(name) ? kept.indexOf(name) : IGNORE_LABEL]));
}

function rowsOf(encoding: DatasetEncoding): readonly LabelRow[] {
  switch (encoding) {
    case "trainIds":
      return labelSetFor(19).names.map((name, trainId) => [trainId, name, name]);
    case "cityscapes":
      return CITYSCAPES_IDS.filter(([id]) => id !== GTA_LICENSE_PLATE_ID);
    case "gta":
      return CITYSCAPES_IDS;
    case "synthia":
      return SYNTHIA_IDS;
    case "mapillary":
      return MAPILLARY_IDS;
    case "wilddash":
      return WILDDASH_IDS.map(selfAdaptiveWildDash);
    case "wilddash2":
      return WILDDASH_IDS;
    case "iddIds":
      return IDD_IDS;
    default:
      return encoding satisfies never;
  }
}

function selfAdaptiveWildDash([id, name, countsAs]: LabelRow): LabelRow {
  if (id === PICKUP_ID) return [id, name, "car"];
  return [id, name, id > LAST_SELF_ADAPTIVE_ID ? null : countsAs];
}

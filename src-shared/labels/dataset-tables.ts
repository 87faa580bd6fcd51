// What the ids in each data set's label files mean: the table to train ids, and which ids there are at all.
import { BugError } from "../contract/errors.ts";
import { IGNORE_LABEL } from "./ignore-label.ts";
import { labelSetFor } from "./label-sets.ts";
import { CAMVID_IDS } from "./tables/camvid-ids.ts";
import { CITYSCAPES_IDS } from "./tables/cityscapes-ids.ts";
import { IDD_IDS } from "./tables/idd-ids.ts";
import type { LabelRow } from "./tables/label-row.ts";
import { MAPILLARY_IDS } from "./tables/mapillary-ids.ts";
import { SYNTHIA_IDS } from "./tables/synthia-ids.ts";
import { VOC_IDS } from "./tables/voc-ids.ts";
import { WILDDASH_IDS } from "./tables/wilddash-ids.ts";

/**
 * How the label files of data sets number their classes. "trainIds" are those of the 19 classes; "wilddash" is the
 * self-adaptive program's reading of 8-bit WildDash labels, "wilddash2" the publisher's own of panoptic ones. "camvid"
 * are the 11 classes of SegNet's copy, "voc" Pascal VOC's 20. What "named" files hold stands in a list of classes beside
 * them, and "polygons" hold names: these have no table.
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
  "camvid",
  "voc",
  "named",
  "polygons",
] as const;
export type DatasetEncoding = (typeof DATASET_ENCODINGS)[number];
export type TableEncoding = Exclude<DatasetEncoding, "named" | "polygons">;

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
 * @throws AppError `checkpoint.classes` when numClasses is neither 19 nor 16, but for train ids
 */
export function labelTableFor(encoding: TableEncoding, numClasses: number): LabelTable {
  if (encoding === "trainIds" && !isKnownNumber(numClasses)) return ownTrainIds(numClasses);
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

/** Train ids of classes of one's own: each stands for itself. */
function ownTrainIds(numClasses: number): LabelTable {
  const isClass = (id: number) => id < numClasses;
  return {
    trainIds: Uint8Array.from({ length: NUM_TABLE_ENTRIES }, (_, id) => (isClass(id) ? id : IGNORE_LABEL)),
    isKnown: Uint8Array.from({ length: NUM_TABLE_ENTRIES }, (_, id) => (isClass(id) || id === IGNORE_LABEL ? 1 : 0)),
  };
}

function isKnownNumber(numClasses: number): boolean {
  return numClasses === 19 || numClasses === 16;
}

/** Of all 19 names: with 16 classes, three of them are 255. */
function trainIdsByName(numClasses: number): ReadonlyMap<string, number> {
  const kept = labelSetFor(numClasses).names;
  return new Map(labelSetFor(19).names.map((name) => [name, kept.includes(name) ? kept.indexOf(name) : IGNORE_LABEL]));
}

function rowsOf(encoding: TableEncoding): readonly LabelRow[] {
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
    case "camvid":
      return CAMVID_IDS;
    case "voc":
      return VOC_IDS;
    default:
      return encoding satisfies never;
  }
}

function selfAdaptiveWildDash([id, name, countsAs]: LabelRow): LabelRow {
  if (id === PICKUP_ID) return [id, name, "car"];
  return [id, name, id > LAST_SELF_ADAPTIVE_ID ? null : countsAs];
}

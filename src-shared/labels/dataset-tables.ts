// What the ids in each data set's label files mean: the table to train ids, and which ids there are at all.
import { AppError, BugError } from "../contract/errors.ts";
import { classOfName } from "./class-names.ts";
import { IGNORE_LABEL } from "./ignore-label.ts";
import { CITYSCAPES_19, LABEL_SETS, type LabelSet, labelSetFor, type ModelClasses } from "./label-sets.ts";
import { CAMVID_IDS } from "./tables/camvid-ids.ts";
import { CITYSCAPES_IDS } from "./tables/cityscapes-ids.ts";
import { IDD_IDS } from "./tables/idd-ids.ts";
import type { LabelRow } from "./tables/label-row.ts";
import { MAPILLARY_IDS } from "./tables/mapillary-ids.ts";
import { SYNTHIA_IDS } from "./tables/synthia-ids.ts";
import { VOC_IDS } from "./tables/voc-ids.ts";
import { WILDDASH_IDS } from "./tables/wilddash-ids.ts";

/**
 * How the label files of data sets number their classes. "trainIds" are those of the 19 classes; "ownIds" those of the
 * model's own label set, whatever it is; "wilddash" is the
 * self-adaptive program's reading of 8-bit WildDash labels, "wilddash2" the publisher's own of panoptic ones. "camvid"
 * are the 11 classes of SegNet's copy, "voc" Pascal VOC's 20. What "named" files hold stands in a list of classes beside
 * them, and "polygons" hold names: these have no table.
 */
export const DATASET_ENCODINGS = [
  "trainIds",
  "ownIds",
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
  /** Names of ids that are a class of the data set's, but of none of the model's. */
  readonly withoutPartner: ReadonlyMap<number, string>;
}

const NUM_TABLE_ENTRIES = 256; // one for each value of an 8-bit label pixel
const GTA_LICENSE_PLATE_ID = 34; // Cityscapes has it as -1, which is never drawn

/** The self-adaptive program's: ids up to 38 count, and a pickup is a car, not a truck. */
const LAST_SELF_ADAPTIVE_ID = 38;
const PICKUP_ID = 34;

/**
 * The table of an encoding for a model's classes. With the 16 of SYNTHIA the three classes that it lacks are ignored, and the
 * others renumbered without gaps. Of other classes those count that have the same name, or the name of the Cityscapes class
 * that an id stands for. Source: dataset specification, 2 and 3.
 *
 * @throws AppError `checkpoint.classes` when not one id stands for any of the model's classes
 */
export function labelTableFor(encoding: TableEncoding, classes: ModelClasses): LabelTable {
  const set = labelSetFor(classes);
  const isOfCityscapes = LABEL_SETS.includes(set);
  if (encoding === "ownIds" && !isOfCityscapes) return ownTable(set);
  const trainIdOfName = trainIdsByName(set);
  const trainIds = new Uint8Array(NUM_TABLE_ENTRIES).fill(IGNORE_LABEL);
  const isKnown = new Uint8Array(NUM_TABLE_ENTRIES);
  const withoutPartner = new Map<number, string>();
  isKnown[IGNORE_LABEL] = 1;
  for (const [id, name, countsAs] of rowsOf(encoding)) {
    isKnown[id] = 1;
    const trainId = isOfCityscapes
      ? ofCityscapes(trainIdOfName, encoding, id, countsAs)
      : ofOthers(set, name, countsAs);
    trainIds[id] = trainId ?? IGNORE_LABEL;
    if (trainId === null && !isOfCityscapes) withoutPartner.set(id, name);
  }
  if (!isOfCityscapes && trainIds.every((trainId) => trainId === IGNORE_LABEL)) throw noneInCommon(encoding, set);
  return { trainIds, isKnown, withoutPartner };
}

function ofCityscapes(
  trainIdOfName: ReadonlyMap<string, number>,
  encoding: TableEncoding,
  id: number,
  countsAs: string | null,
): number | null {
  if (countsAs === null) return null;
  const trainId = trainIdOfName.get(countsAs);
  if (trainId === undefined) throw new BugError(`${encoding} id ${id} counts as "${countsAs}", which is no class`);
  return trainId;
}

function ofOthers({ names }: LabelSet, name: string, countsAs: string | null): number | null {
  return classOfName(name, names) ?? (countsAs === null ? null : classOfName(countsAs, names));
}

function noneInCommon(encoding: TableEncoding, { name, names }: LabelSet): AppError {
  const model =
    name === null
      ? `The model's ${names.length} classes have no names, so that`
      : `The model's classes are ${names.slice(0, 3).join(", ")}${names.length > 3 ? " and so on" : ""}, and`;
  return new AppError(
    "checkpoint.classes",
    `${model} label files in the ids of "${encoding}" can't be compared with it; ` +
      "give labels of the model's own ids, or say what its classes are with --label-set.",
  );
}

/** Of the set's own files. */
function ownTable({ fileIds, ignoredIds }: LabelSet): LabelTable {
  const trainIds = new Uint8Array(NUM_TABLE_ENTRIES).fill(IGNORE_LABEL);
  const isKnown = new Uint8Array(NUM_TABLE_ENTRIES);
  for (const id of [...ignoredIds, IGNORE_LABEL]) isKnown[id] = 1;
  for (const [trainId, ids] of fileIds.entries()) {
    for (const id of ids) {
      trainIds[id] = trainId;
      isKnown[id] = 1;
    }
  }
  return { trainIds, isKnown, withoutPartner: new Map() };
}

/** Of all 19 names: with 16 classes, three of them are 255. */
function trainIdsByName({ names }: LabelSet): ReadonlyMap<string, number> {
  return new Map(CITYSCAPES_19.names.map((name) => [name, names.includes(name) ? names.indexOf(name) : IGNORE_LABEL]));
}

function rowsOf(encoding: TableEncoding): readonly LabelRow[] {
  switch (encoding) {
    case "trainIds":
    case "ownIds":
      return CITYSCAPES_19.names.map((name, trainId) => [trainId, name, name]);
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

// Splits that a publication has made of a data set, by the names of their lists: --split takes them like a data set's own.
import { parse } from "node:path";
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import {
  CITYSCAPES_SELECTION_FRAMES,
  GTA5_VALIDATION_FRAMES,
  SYNTHIA_VALIDATION_FRAMES,
} from "./da-sac-split-lists.ts";

type SplitItem = Pick<DatasetItem, "key" | "split">;

const GTA5_VALIDATION = new Set(GTA5_VALIDATION_FRAMES);
const SYNTHIA_VALIDATION = new Set(SYNTHIA_VALIDATION_FRAMES);
const LAST_GTA5_FRAME = 10_000;
const LAST_SYNTHIA_FRAME = 9399;

/** DA-SAC's lists. Source: spec "1.3 Lists". */
const PUBLISHED_SPLITS: Readonly<Record<string, (item: SplitItem) => boolean>> = {
  train_game_9K: (item) => isGtaFrame(item, (frame) => !GTA5_VALIDATION.has(frame)),
  val_game_1K: (item) => isGtaFrame(item, (frame) => GTA5_VALIDATION.has(frame)),
  train_synthia_9K: (item) => isSynthiaFrame(item, () => true),
  val_synthia: (item) => isSynthiaFrame(item, (frame) => SYNTHIA_VALIDATION.has(frame)),
  train_cityscapes: (item) => isOfCity(item, "train"),
  val_cityscapes: (item) => isOfCity(item, "val"),
  val2_cityscapes: (item) => isOfCity(item, "train") && CITYSCAPES_SELECTION_FRAMES.has(sequenceOf(item)),
  test_cityscapes: (item) => isOfCity(item, "test"),
};

/** Whether an image belongs to a split: one of its data set's own, or a published one. */
export function isInSplit(item: SplitItem, split: string): boolean {
  if (item.split === split) return true;
  return Object.hasOwn(PUBLISHED_SPLITS, split) && PUBLISHED_SPLITS[split]?.(item) === true;
}

/** `images/00001.png`, of which only the first 10000 are used. */
function isGtaFrame({ key }: SplitItem, isMember: (frame: number) => boolean): boolean {
  const frame = Number(/^images\/(?:\w+\/)?(\d{5})\.png$/.exec(key)?.[1] ?? 0);
  return frame >= 1 && frame <= LAST_GTA5_FRAME && isMember(frame);
}

/** `RGB/0000000.png` */
function isSynthiaFrame({ key }: SplitItem, isMember: (frame: number) => boolean): boolean {
  const digits = /^RGB\/(\d{7})\.png$/.exec(key)?.[1];
  return digits !== undefined && Number(digits) <= LAST_SYNTHIA_FRAME && isMember(Number(digits));
}

/** `leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png` */
function isOfCity({ key, split }: SplitItem, own: string): boolean {
  return split === own && key.startsWith("leftImg8bit/") && key.endsWith("_leftImg8bit.png");
}

function sequenceOf({ key }: SplitItem): string {
  return parse(key).name.replace(/_leftImg8bit$/, "");
}

// How data sets name an image and the label files that belong to it.
import { parse } from "node:path";

/** What a label file's ids are, as far as its name says. */
export type LabelFileKind = "trainIds" | "labelIds" | "other" | "unsaid";

const TRAIN_IDS = ["labelTrainIds", "labelcsTrainIds", "trainIds", "train_id"];
const LABEL_IDS = ["labelIds", "label_id"];
// Beside label files lie pictures and instance ids made of them, which are never read.
const OTHER = [
  ...["color", "instanceIds", "instanceTrainIds", "overlay", "labelColor", "invIds", "invGray"],
  // IDD's other levels, which join classes that Cityscapes keeps apart.
  ...["labellevel1Ids", "labellevel2Ids", "labellevel3Ids", "labellevel4Ids", "instancelevel3Ids", "labelColors"],
];

// Cityscapes: x_gtFine_labelIds; IDD: x_gtFine_labelcsTrainIds; ACDC: x_gt_labelTrainIds; BDD100K: x_train_id.
const LABEL_SUFFIX = new RegExp(`(?:_gt(?:Fine|Coarse)?)?_(${[...TRAIN_IDS, ...LABEL_IDS, ...OTHER].join("|")})$`, "i");
// Cityscapes: x_leftImg8bit, and with weather x_leftImg8bit_foggy_beta_0.02; ACDC: x_rgb_anon.
const IMAGE_SUFFIX = /(?:_leftImg8bit(?:_(?:foggy|rain).*)?|_rgb_anon)$/i;

/** The name that an image shares with its label files. */
export function imageKey(path: string): string {
  return parse(path).name.replace(IMAGE_SUFFIX, "");
}

export function labelKey(path: string): { readonly key: string; readonly kind: LabelFileKind } {
  const stem = parse(path).name;
  const match = LABEL_SUFFIX.exec(stem);
  if (match === null) return { key: imageKey(path), kind: "unsaid" };
  const word = (match[1] ?? "").toLowerCase();
  const isAmong = (words: readonly string[]) => words.some((known) => known.toLowerCase() === word);
  const kind = isAmong(TRAIN_IDS) ? "trainIds" : isAmong(LABEL_IDS) ? "labelIds" : "other";
  return { key: stem.slice(0, match.index), kind };
}

/** Whether a file's name says that it is a label file, or made of one: nothing to adapt to. */
export function isLabelFileName(path: string): boolean {
  return labelKey(path).kind !== "unsaid";
}

// What the names of folders and files say: images, labels, or pictures made of labels. For folders of no known data set.

import type { FolderContent } from "./dataset-tree.ts";

export type FolderRole = "images" | "labels" | "pictures";

export interface Folder extends FolderContent {
  readonly path: string;
  readonly role: FolderRole;
  /** What its path has in common with that of the folder that it belongs to. */
  readonly shared: string;
}

/** Names that stand for images as a whole, in lower case: of mmsegmentation, CVAT, Pascal VOC, Supervisely and people. */
const IMAGE_NAMES = /^(?:images?|imgs?|img_dir|jpegimages|pngimages|rgb|photos?|pictures?|frames|leftimg8bit)$/;
/** The same for labels. */
const LABEL_NAMES =
  /^(?:labels?|masks?|annots?|annotations?|anns?|ann_dir|gts?|gtfine\d?|gtcoarse|ground_?truths?|segs?|segmentations?|semantics?|segmentationclass(?:png|aug|raw)?|label(?:train)?ids?|trainids?|labeledapproved_full|masks_machine|targets?)$/;
/** Of objects or for looking at: no classes in them, and no photographs either. */
const PICTURE_NAMES =
  /^(?:segmentationobject(?:png)?|segmentationclassvisualization|masks_human|visuali[sz]ations?|vis|overlays?|instances?|instance_?ids?)$/;
/** SegNet's CamVid and its like. */
const SPLIT_LABELS = /^(train|val|test|trainval|valid)(?:annots?|labels?|masks?|gt)$/;

const IMAGE_WORD = /^(?:images?|imgs?|rgb)$/;
const LABEL_WORD =
  /^(?:labels?|masks?|annots?|annotations?|ann|gt|groundtruths?|seg|segmentations?|trainids?|labelids?)$/;

const SPLIT_OF: Readonly<Record<string, string>> = {
  train: "train",
  training: "train",
  val: "val",
  valid: "val",
  validation: "val",
  test: "test",
  testing: "test",
};

/** The split that a folder is named for; null for any other name. */
export function splitOfFolder(name: string): string | null {
  return SPLIT_OF[name.toLowerCase()] ?? null;
}

/** Null for a name that says nothing. */
export function roleOfFolder(name: string): FolderRole | null {
  const lower = name.toLowerCase();
  if (PICTURE_NAMES.test(lower)) return "pictures";
  if (LABEL_NAMES.test(lower) || SPLIT_LABELS.test(lower)) return "labels";
  if (IMAGE_NAMES.test(lower)) return "images";
  const words = lower.split(/[\s_.-]/);
  if (words.length < 2) return null;
  if (words.some((word) => LABEL_WORD.test(word))) return "labels";
  return words.some((word) => IMAGE_WORD.test(word)) ? "images" : null;
}

/** What is left of a folder's name without what says its role: images and labels have it in common. */
export function sharedName(name: string): string {
  const lower = name.toLowerCase();
  const split = SPLIT_LABELS.exec(lower)?.[1];
  if (split !== undefined) return SPLIT_OF[split] ?? split;
  if (PICTURE_NAMES.test(lower) || LABEL_NAMES.test(lower) || IMAGE_NAMES.test(lower)) return "";
  const words = lower.split(/[\s_.-]/);
  const kept = words.length < 2 ? words : words.filter((word) => !(IMAGE_WORD.test(word) || LABEL_WORD.test(word)));
  const rest = kept.join("_");
  return SPLIT_OF[rest] ?? rest;
}

/** Whether the folder is one of SegNet's CamVid, with label files of its 11 classes. */
export function isCamvidFolder(name: string): boolean {
  return /^(?:train|val|test)annot$/.test(name);
}

/** What tools and CamVid put behind the name of the image. */
const MASK_SUFFIX =
  /[_.-](?:masks?|labels?|lbl|gt|seg|segmentation|annotation|groundtruth|semantic|L|P|train_?ids?|label_?ids?)$/i;

/** The name of the image that a label file's name begins with; null where it has no such ending. */
export function imageStemOfMask(stem: string): string | null {
  const match = MASK_SUFFIX.exec(stem);
  return match === null || match.index === 0 ? null : stem.slice(0, match.index);
}

// Data sets as they cross a border: which layout a folder has, its items, and what is wrong with it.
import { z } from "zod";
import { DATASET_ENCODINGS } from "../labels/dataset-tables.ts";

/** How folders and files are laid out; the last three are folders of no particular data set. */
export const DATASET_LAYOUTS = [
  "acdc",
  "acdc-reference",
  "dark-zurich",
  "nighttime-driving",
  "idd",
  "synthia",
  "cityscapes",
  "foggy-cityscapes",
  "rain-cityscapes",
  "mapillary",
  "wilddash",
  "bdd100k-night",
  "bdd100k",
  "gta5",
  "domains",
  "labelled-images",
  "images",
] as const;
export const datasetLayoutSchema = z.enum(DATASET_LAYOUTS);
export type DatasetLayout = z.infer<typeof datasetLayoutSchema>;

export const datasetItemSchema = z.object({
  /** The image's path below the root, with slashes on every system; unique in the data set and the same every time. */
  key: z.string().min(1),
  imagePath: z.string().min(1),
  /** Null when the image has no labels that can be read. */
  labelPath: z.string().nullable(),
  /** What the ids in the label file are; null without a label file. */
  labelEncoding: z.enum(DATASET_ENCODINGS).nullable(),
  /** "train", "val", "test" or what else the data set has; null when it has none. */
  split: z.string().nullable(),
  /** What figures are told apart by: the condition, the time of day, the folder of a domain; null when the layout has none. */
  domain: z.string().nullable(),
  /** What the layout knows: city, weather, time of day, sequence. */
  tags: z.array(z.string()),
});
export type DatasetItem = z.infer<typeof datasetItemSchema>;

export const DATASET_REPORT_CODES = [
  "dataset.folderMissing", // a folder that belongs to the layout is not there
  "dataset.folderUnreadable", // there, but may not be read
  "dataset.linkBroken", // a link that leads nowhere
  "dataset.linkOutside", // a link that leads out of the folder, where that is not wanted
  "dataset.labelMissing", // images that should have labels and have none
  "dataset.imageMissing", // label files whose image is not there
  "dataset.knownBroken", // files that are known to be bad, left out
  "dataset.sizesDiffer", // pairs whose image and labels differ in size
  "dataset.fileDamaged", // images or label files that can't be opened
  "dataset.unknownIds", // label files with ids, colours or names that are of no class
  "dataset.labelsOfOtherIds", // rendered label files whose ids stand for other classes
  "dataset.labelHint", // label files that may mean something else
  "dataset.turned", // images that a note in their files says to turn
  "dataset.formatSkipped", // images of formats that are not read
  "dataset.masksLeftOut", // files that look like masks of others
  "dataset.splitList", // a list of a split that can't be read, or names files that are not there
  "dataset.splitMissing", // no split of the usual name: all images are taken
  "dataset.otherLayout", // the folder holds, or is part of, another data set
  "dataset.empty", // no images at all
] as const;

export const datasetReportLineSchema = z.object({
  code: z.enum(DATASET_REPORT_CODES),
  /** One sentence with the number of files in it. */
  message: z.string(),
  /** What it is about, below the root: the folder, or the first of the files. */
  path: z.string(),
  /** How many files or folders it is about. */
  count: z.int().nonnegative(),
  /** The first of them. */
  examples: z.array(z.string()),
});
export type DatasetReportLine = z.infer<typeof datasetReportLineSchema>;
export type DatasetReportCode = DatasetReportLine["code"];

// Datasets as the workbench shows them: opened folders, their images, and how to ask for a part of them.
import { z } from "zod";
import { failureSchema } from "../results.ts";
import { similarToSchema } from "./embeddings.ts";
import { datasetIdSchema, imageIdSchema, runIdSchema } from "./ids.ts";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
/** A name with the number of images that have it. */
const countedNameSchema = z.object({ name: z.string(), count });

/** What was noticed without stopping anything: missing labels when it was listed, broken files when they were looked at. */
export const datasetNoticeSchema = z.object({
  code: z.string(),
  /** One sentence, with the first file it is about. */
  message: z.string(),
  count,
});
export type DatasetNotice = z.infer<typeof datasetNoticeSchema>;

export const datasetSchema = z.object({
  id: datasetIdSchema,
  name: z.string(),
  /** The folder, absolute. */
  path: z.string(),
  /** Machine name of the recognised layout, such as "cityscapes" or "folder", and its name for people. */
  layout: z.string(),
  layoutName: z.string(),
  isSample: z.boolean(),
  /** False while the folder is not there, as on a disk that is not mounted. Nothing is forgotten then. */
  isAvailable: z.boolean(),
  listing: z.discriminatedUnion("status", [
    z.object({ status: z.literal("listing"), found: count }),
    z.object({ status: z.literal("complete") }),
    z.object({ status: z.literal("failed"), error: failureSchema }),
  ]),
  imageCount: count,
  labelledCount: count,
  splits: z.array(countedNameSchema),
  tags: z.array(countedNameSchema),
  /** Train ids of the classes found in labels read so far, with the number of images. */
  classes: z.array(z.object({ trainId: z.int().min(0).max(254), count })),
  notices: z.array(datasetNoticeSchema),
});
export type Dataset = z.infer<typeof datasetSchema>;

/** Figures of one image under one run or evaluation; null where they are not known. */
export const imageScoresSchema = z.object({
  /** Mean IoU of the result against the labels, 0..1. */
  miou: share.nullable(),
  /** Mean over the pixels of the entropy divided by log(classes), 0..1. */
  entropy: share.nullable(),
  /** Mean over the pixels of the largest probability, 0..1. */
  confidence: share.nullable(),
  /** Mean IoU of the adapted result less that of the unadapted prediction, -1..1; of evaluations where there are both. */
  gain: z.number().min(-1).max(1).nullable(),
});
export type ImageScores = z.infer<typeof imageScoresSchema>;

export const imageItemSchema = z.object({
  id: imageIdSchema,
  datasetId: datasetIdSchema,
  /** Path inside the dataset's folder, with "/". Unique in the dataset. */
  key: z.string(),
  split: z.string().nullable(),
  tags: z.array(z.string()),
  hasLabels: z.boolean(),
  /** Pixels; null until the file has been looked at. */
  size: z.object({ width: count, height: count }).nullable(),
  /** Of the image's newest result, of a finished run or of an evaluation, or of the run the query names. */
  scores: imageScoresSchema.nullable(),
});
export type ImageItem = z.infer<typeof imageItemSchema>;

export const IMAGE_SORTS = ["name", "miou", "entropy", "confidence", "gain", "similarity"] as const;

export const imageQuerySchema = z.object({
  datasetId: datasetIdSchema,
  filter: z
    .object({
      /** Part of the key, in any case. */
      text: z.string().max(200).default(""),
      /** Any of them; empty: all. */
      splits: z.array(z.string()).default([]),
      /** All of them. */
      tags: z.array(z.string()).default([]),
      /** Train ids that are all present in the labels. */
      classes: z.array(z.int().min(0).max(254)).default([]),
      /** Only images with labels, or only without. */
      hasLabels: z.boolean().nullable().default(null),
    })
    .prefault({}),
  sort: z
    .object({
      by: z.enum(IMAGE_SORTS),
      descending: z.boolean(),
      /** For "similarity", the most similar first when descending; without it, as with an image that has no embedding, by name. */
      similarTo: similarToSchema.optional(),
    })
    .default({ by: "name", descending: false }),
  /** Whose scores; null: of each image's newest result. */
  runId: runIdSchema.nullable().default(null),
  offset: count.default(0),
  limit: z.int().min(1).max(500).default(200),
});
export type ImageQuery = z.infer<typeof imageQuerySchema>;

export const imagePageSchema = z.object({
  /** Images that pass the filter. */
  total: count,
  items: z.array(imageItemSchema),
});
export type ImagePage = z.infer<typeof imagePageSchema>;

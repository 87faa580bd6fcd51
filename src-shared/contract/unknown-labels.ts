// What label files hold that stands for no class of the model.
import { z } from "zod";

const count = z.int().nonnegative();

/** Of one file. */
export const unknownLabelSchema = z.object({
  /** "id 34", "colour 10 20 30", "class "bird"". */
  what: z.string(),
  pixels: count,
});
export type UnknownLabel = z.infer<typeof unknownLabelSchema>;

/** Of a file, with its path below the data set's folder. */
export const fileUnknownsSchema = z.object({ file: z.string(), values: z.array(unknownLabelSchema) });

/** Of several files. Their pixels count for nothing in any figure. */
export const unknownLabelsSchema = z.object({
  /** Label files with something of the kind, how many of their pixels it is, and how many they have. */
  files: count,
  pixels: count,
  filePixels: count,
  /** The first of the files. */
  example: z.string(),
  /** The most frequent first. */
  values: z.array(unknownLabelSchema.extend({ files: count })),
});
export type UnknownLabels = z.infer<typeof unknownLabelsSchema>;

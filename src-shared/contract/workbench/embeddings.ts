// Embeddings of a data set's images by a checkpoint's network: what "most similar images" goes by.
import { z } from "zod";
import { checkpointIdSchema, datasetIdSchema, imageIdSchema } from "./ids.ts";

const count = z.int().nonnegative();

export const embeddingKeySchema = z.object({ datasetId: datasetIdSchema, checkpointId: checkpointIdSchema });
export type EmbeddingKey = z.infer<typeof embeddingKeySchema>;

export const embeddingStateSchema = embeddingKeySchema.extend({
  isRunning: z.boolean(),
  /** Images that have one, of all images; while it is running, of those it has come to. */
  embedded: count,
  images: count,
  /** Images that can't be read. */
  failed: count,
  /** Why the last computation ended before its end; null when it did not. */
  problem: z.string().nullable(),
});
export type EmbeddingState = z.infer<typeof embeddingStateSchema>;

/** Which image the others are ordered by their likeness to, and by whose eyes. */
export const similarToSchema = z.object({ imageId: imageIdSchema, checkpointId: checkpointIdSchema });

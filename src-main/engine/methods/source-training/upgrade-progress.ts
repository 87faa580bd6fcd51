// The progress of a source training that was begun before there were other methods.
import { z } from "zod";

const count = z.int().nonnegative();

/** It counted its images without saying of which domain, and its updates and passes in its own places. */
const earlierSchema = z.looseObject({ images: count, updates: count, passes: count });

/** In today's form; anything else as it is. */
export function upgradeProgress(progress: unknown): unknown {
  const earlier = earlierSchema.safeParse(progress);
  if (!earlier.success) return progress;
  const { images, updates, passes, ...others } = earlier.data;
  return { ...others, images: { source: images }, method: { updates: [updates], passes: [passes] } };
}

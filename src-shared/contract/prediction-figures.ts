// What a prediction looks like, for those who have no labels.
import { z } from "zod";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

/** Probability from which on a pixel counts as in no doubt at all. */
export const SATURATED_CONFIDENCE = 0.99;

export const predictionFiguresSchema = z.object({
  /** Pixels of each class, by train id. */
  classPixels: z.array(count),
  /** Share of the pixels whose confidence is above SATURATED_CONFIDENCE. */
  saturated: share,
  /** Share of the pixels whose class is not that of iteration 0. */
  changed: share,
  /** Of those that changed, the share that now has the class of all views together; null when none changed or no view was made. */
  supported: share.nullable(),
  /** Share of the pixels that several windows have predicted to which all gave the same class; null where none slid. */
  overlapAgreement: share.nullable().default(null),
});
export type PredictionFigures = z.infer<typeof predictionFiguresSchema>;

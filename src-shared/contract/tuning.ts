// Auto-tuning: what can decide between settings of self-adaptation, and what is recorded of each that was tried.
import { z } from "zod";

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

export const TUNING_CRITERIA = [
  "miou",
  "informationMaximization",
  "nuclearNorm",
  "softNeighborhoodDensity",
  "viewAgreement",
  "entropy",
] as const;
export type TuningCriterion = (typeof TUNING_CRITERIA)[number];
export type LabelFreeCriterion = Exclude<TuningCriterion, "miou">;

export interface CriterionWords {
  readonly title: string;
  readonly isLessBetter: boolean;
  /** One sentence: what is measured. */
  readonly definition: string;
}

/** Their agreement with labels is measured in docs/tuning.md. */
export const CRITERIA: Readonly<Record<TuningCriterion, CriterionWords>> = {
  miou: {
    title: "Mean IoU",
    isLessBetter: false,
    definition:
      "Against the labels, pooled over the images: the fairest choice, but no longer a fair score of these images.",
  },
  informationMaximization: {
    title: "Information",
    isLessBetter: true,
    definition: "Mean entropy of the pixels minus the entropy of their mean: sure at each pixel, many classes in all.",
  },
  nuclearNorm: {
    title: "Nuclear norm",
    isLessBetter: false,
    definition: "Of the matrix of all pixels' class probabilities: large where they are sure and of many classes.",
  },
  softNeighborhoodDensity: {
    title: "Neighbourhood density",
    isLessBetter: false,
    definition: "How many other pixels have nearly the same class probabilities as a pixel has.",
  },
  viewAgreement: {
    title: "Agreement of views",
    isLessBetter: false,
    definition: "Mean IoU between the prediction and those of a mirrored and a smaller view that made no pseudo-label.",
  },
  entropy: {
    title: "Entropy",
    isLessBetter: true,
    definition: "Mean entropy of the pixels: fooled by a collapse, where the network is sure of one class everywhere.",
  },
};

/** Figures of one prediction that need no labels. Entropies are divided by log(classes). */
export const labelFreeFiguresSchema = z.object({
  entropy: share,
  /** −1..1 */
  informationMaximization: z.number(),
  nuclearNorm: z.number(),
  softNeighborhoodDensity: z.number(),
  /** Null where it was not asked for: it costs two more passes a prediction. */
  viewAgreement: share.nullable(),
});
export type LabelFreeFigures = z.infer<typeof labelFreeFiguresSchema>;

/** What one iteration of one run on one image gave. */
export const trialIterationSchema = z.object({
  /** 0: the unadapted prediction. */
  iteration: count,
  /** Of the weights before the iteration; null for iteration 0. */
  loss: z.number().nullable(),
  figures: labelFreeFiguresSchema,
  confidence: share,
  /** Predicted pixels of each class. */
  classPixels: z.array(count),
  /** [K, K] pixel counts, row = label; null without labels. */
  confusion: z.array(count).nullable(),
});
export type TrialIteration = z.infer<typeof trialIterationSchema>;

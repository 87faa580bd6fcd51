// Auto-tuning: what can decide between settings of self-adaptation, and what is recorded of each that was tried.
import { z } from "zod";
import { adaptationConfigSchema, alphaSchema } from "./adaptation-config.ts";
import { MAX_AXIS_VALUES, type ParameterGrid, parameterGridSchema } from "./parameter-grid.ts";
import {
  FROZEN_LAYER_COUNTS,
  type FrozenLayersName,
  isSameValue,
  parameterText,
  shortName,
  VARIED_PARAMETERS,
} from "./parameters.ts";

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

/** "information-maximization": as the command line has it. */
export function criterionWord(criterion: TuningCriterion): string {
  return criterion.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** What decides without labels unless another is chosen: it agreed best with mean IoU, see docs/tuning.md. */
export const DEFAULT_LABEL_FREE_CRITERION: LabelFreeCriterion = "informationMaximization";

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
  /** Predicted pixels of each class, and the share of pixels in no doubt: what a collapse is recognised by. */
  classPixels: z.array(count),
  saturated: share,
  /** [K, K] pixel counts, row = label; null without labels. */
  confusion: z.array(count).nullable(),
});
export type TrialIteration = z.infer<typeof trialIterationSchema>;

/** All that a trial's result depends on, besides network and image; iterations are as many as are run. */
export const tunedParametersSchema = adaptationConfigSchema.extend({ alpha: alphaSchema });
export type TunedParameters = z.infer<typeof tunedParametersSchema>;

/** One setting on one image. */
export const trialSchema = z.object({
  parameters: tunedParametersSchema,
  /** Of the image. */
  key: z.string(),
  /** Empty where it failed. */
  iterations: z.array(trialIterationSchema),
  losses: z.array(z.number()),
  /** Pixels of each class in the pseudo-label; null where there was none. */
  pseudoLabel: z.array(count).nullable(),
  milliseconds: z.number().nonnegative(),
  /** Why it failed, in a sentence; null when it did not. */
  problem: z.string().nullable(),
});
export type Trial = z.infer<typeof trialSchema>;

export const TUNING_SEARCHES = ["successive", "grid"] as const;
/** "successive": one parameter after the other, each with the best values found so far. "grid": every combination. */

export const tuningPlanSchema = z.object({
  /** Where the search begins; its iterations are the most that are run. */
  start: tunedParametersSchema,
  /** What is tried; numbers of iterations are read off. */
  grid: parameterGridSchema,
  search: z.enum(TUNING_SEARCHES).default("successive"),
  criterion: z.enum(TUNING_CRITERIA),
  /** Settings at the most, each of them on every image. */
  maxSettings: z.int().min(1).max(1000).default(40),
});
export type TuningPlan = z.infer<typeof tuningPlanSchema>;

/** A setting with a number of iterations, over all images. */
export const rankedSettingSchema = z.object({
  /** Iterations are those it was looked at after. */
  parameters: tunedParametersSchema,
  /** Means over the images. */
  figures: labelFreeFiguresSchema,
  /** Pooled over the images with labels; null without. */
  miou: share.nullable(),
  /** By which it is ranked; null where it has no such figure. */
  value: z.number().nullable(),
  /** Images on which it shows a sign of collapse: with any it is never chosen by a criterion without labels. */
  collapsed: count,
});
export type RankedSetting = z.infer<typeof rankedSettingSchema>;

/** So many of the ranking are told; the rest is in the folder. */
export const TOLD_SETTINGS = 40;

export const tuningResultSchema = z.object({
  /** Trials that are done, and as many as there will be at the most. */
  done: count,
  planned: count,
  failed: count,
  /** Sentence of the last one that failed. */
  problem: z.string().nullable(),
  /** Of the checkpoint without adaptation, at the alpha the search began with; null before it is there. */
  unadapted: rankedSettingSchema.nullable(),
  /** The best first; those that collapsed last. */
  ranking: z.array(rankedSettingSchema),
});
export type TuningResult = z.infer<typeof tuningResultSchema>;

/** Steps down and up from where a search begins: wide enough to leave a bad recipe, few enough to be quick. */
const RATE_FACTORS = [0.02, 0.1, 0.2, 0.4, 1, 2];

/** What is tried around a setting when nothing else is said. @param layers  the network's option of frozen layers */
export function gridAround(start: TunedParameters, layers: FrozenLayersName): ParameterGrid {
  const rates = RATE_FACTORS.map((factor) => Number((factor * start.baseLr).toPrecision(3)));
  const numbers = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
  const iterations = [1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 60, 80, 100].filter((count) => count <= start.numEpochs);
  return {
    alpha: [null, 0, 0.1, 0.3, 0.6, 0.9],
    baseLr: numbers(rates),
    numEpochs: numbers([...iterations.slice(-MAX_AXIS_VALUES + 1), Math.max(1, start.numEpochs)]),
    [layers]: [[], [1], [1, 2], [1, 2, 3], ...(FROZEN_LAYER_COUNTS[layers] > 4 ? [[1, 2, 3, 4]] : [])],
    threshold: numbers([0.3, 0.5, start.threshold, 0.9]),
    scales: [
      [0.25, 0.5, 0.75],
      [0.5, 0.75, 1],
      [0.75, 1, 1.25],
    ],
  };
}

/** "lr 0.01 · frozen 1 · 5 iter.": what a setting has otherwise than the search began with, and its iterations. */
export function settingWords(parameters: TunedParameters, start: TunedParameters): string {
  if (parameters.numEpochs === 0) return `unadapted, alpha ${parameterText(parameters.alpha)}`;
  const changed = VARIED_PARAMETERS.filter(
    (name) => name !== "numEpochs" && !isSameValue(parameters[name], start[name]),
  ).map((name) => `${shortName(name)} ${parameterText(parameters[name])}`);
  return [...(changed.length === 0 ? ["as it began"] : changed), `${parameters.numEpochs} iter.`].join(" · ");
}

/** The best that may be chosen; undefined where every setting collapsed or none has the figure. */
export function winnerOf(ranking: readonly RankedSetting[]): RankedSetting | undefined {
  return ranking.find(({ collapsed, value }) => collapsed === 0 && value !== null);
}

/** Of a domain: enough to tell settings apart, few enough to be done soon. */
export const IMAGES_OF_DOMAIN = 8;

/** Settings that are tried unless more or fewer are asked for: fewer where each is run on many images. */
export function usualSettings(images: number): number {
  return images > 1 ? 16 : 24;
}

/** Of many so many, evenly spread: of a domain's images those that are tuned on. */
export function evenly<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, place) => items[Math.floor((place * items.length) / count)] as Item);
}

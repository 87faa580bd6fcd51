// Configurations to begin with, by method: the published recipes, and a quick trial for a machine without a graphics card.

import { type DaSacBaselineConfig, PUBLISHED_NETWORKS, type PublishedNetwork } from "./da-sac.ts";
import { DA_SAC_SOURCES, daSacBaselinePreset, daSacPreset } from "./da-sac-presets.ts";
import { ENTROPY_BALANCING_PRESETS } from "./entropy-balancing-presets.ts";
import { type TrainingConfig, type TrainingMethodName, trainingConfigSchema } from "./training-config.ts";

export interface TrainingRecipe {
  /** Recipes of several methods that belong together have one name. */
  readonly name: string;
  readonly config: TrainingConfig;
}

/** The name of the trials. */
export const QUICK_TRIAL_NAME = "Quick trial";

/** Something to look at now and then. */
const PREVIEW_STEP = 250;

/** As the original names its networks and lists of images. */
const SOURCE_LISTS = { gta5: "GTA5 (train_game_9K)", synthia: "SYNTHIA (train_synthia_9K)" } as const;

function daSacRecipes(
  preset: (network: PublishedNetwork, source: (typeof DA_SAC_SOURCES)[number]) => TrainingConfig,
): TrainingRecipe[] {
  return PUBLISHED_NETWORKS.flatMap((network) =>
    DA_SAC_SOURCES.map((source) => ({
      name: `${network}, ${SOURCE_LISTS[source]}`,
      config: { ...preset(network, source), previewStep: PREVIEW_STEP },
    })),
  );
}

function entropyBalancingRecipes(method: "daformer" | "entropy-balancing"): TrainingRecipe[] {
  return ENTROPY_BALANCING_PRESETS.map(({ name, changes }) => ({
    name,
    config: trainingConfigSchema.parse({ ...changes, method, previewStep: PREVIEW_STEP }),
  }));
}

/** The first is what a form begins with. Methods that are not listed have one: the defaults of their schema. */
const RECIPES: { readonly [N in TrainingMethodName]?: readonly TrainingRecipe[] } = {
  "da-sac-baseline": daSacRecipes(daSacBaselinePreset),
  "da-sac": daSacRecipes(daSacPreset),
  daformer: entropyBalancingRecipes("daformer"),
  "entropy-balancing": entropyBalancingRecipes("entropy-balancing"),
};

/** Small crops, a narrow network, a source whose colours are not GTA5's. */
const DA_SAC_TRIAL = {
  network: "deeplabv2_resnet18",
  width: 16,
  sourceBatchSize: 4,
  baseLr: 0.001,
  cropSize: [128, 256],
  sourceScale: [0.5, 1],
  renormalizeSource: false,
  previewStep: 20,
  saveStep: 100,
} as const satisfies Partial<{ [K in keyof DaSacBaselineConfig]: unknown }>;

/** The smallest encoder and small crops. */
const TRANSFORMER_TRIAL = {
  encoder: "mit_b0",
  cropSize: [128, 128],
  sourceSize: [128, 256],
  targetSize: [128, 256],
  ignoredTop: 4,
  ignoredBottom: 30,
  rareMinPixels: 0,
  warmupSteps: 30,
  epochSteps: 50,
  numEpochs: 4,
  previewStep: 20,
  saveStep: 100,
} as const;

/** Small images, a narrow network. */
const CROTS_TRIAL = {
  network: "deeplabv2_resnet18",
  width: 16,
  cropSize: [128, 256],
  previewStep: 20,
  saveStep: 100,
} as const;

/** What differs from the schema's defaults. */
const TRIALS: { readonly [N in TrainingMethodName]?: object } = {
  "source-training": {
    backboneName: "resnet18",
    width: 16,
    baseLr: 0.05,
    numEpochs: 6,
    cropSize: [128, 256],
    validationStart: 1,
    validationStep: 2,
    previewStep: 20,
    saveStep: 100,
    augmentation: { cropArea: [0.5, 1], blurRadius: [0.1, 1] },
  },
  "da-sac-baseline": { ...DA_SAC_TRIAL, targetBatchSize: 4, numEpochs: 6 },
  "da-sac": { ...DA_SAC_TRIAL, baseLr: 0.00025, numEpochs: 3, targetImages: 1, teacherInterval: 10 },
  "crots-baseline": { ...CROTS_TRIAL, baseLr: 2e-4, numEpochs: 4 },
  crots: { ...CROTS_TRIAL, baseLr: 1e-4, numEpochs: 3 },
  daformer: TRANSFORMER_TRIAL,
  "entropy-balancing": TRANSFORMER_TRIAL,
};

export function recipesOf(method: TrainingMethodName): readonly TrainingRecipe[] {
  return (
    RECIPES[method] ?? [
      { name: "Published recipe", config: trainingConfigSchema.parse({ method, previewStep: PREVIEW_STEP }) },
    ]
  );
}

/** @returns null for a method that has none */
export function trialOf(method: TrainingMethodName): TrainingRecipe | null {
  const changes = TRIALS[method];
  if (changes === undefined) return null;
  return { name: QUICK_TRIAL_NAME, config: trainingConfigSchema.parse({ ...changes, method }) };
}

// What the next training is started with: the form's values, and changes of them that can be undone.
import { create } from "zustand";
import {
  inGroups,
  isUsed,
  type ParameterField,
  parameterFields,
  valueAt,
  withValueAt,
} from "../../../src-shared/contract/parameter-field.ts";
import {
  type SourceTrainingConfig,
  sourceTrainingConfigSchema,
} from "../../../src-shared/contract/training/source-training.ts";
import {
  TRAINING_SCHEMAS,
  type TrainingConfig,
  trainingConfigSchema,
} from "../../../src-shared/contract/training/training-config.ts";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import type { CheckpointId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Settings } from "../../../src-shared/contract/workbench/system.ts";
import type { StartTraining, TrainingData } from "../../../src-shared/contract/workbench/trainings.ts";
import { perform } from "../../state/history.ts";

export interface TrainingForm {
  readonly name: string;
  readonly data: TrainingData;
  /** Null: without. */
  readonly validation: TrainingData | null;
  readonly initialCheckpointId: CheckpointId | null;
  readonly config: SourceTrainingConfig;
}

/** The published recipe of a method: every default of its schema, and a picture to look at now and then. */
export function recipeOf({ method }: Pick<TrainingConfig, "method">): TrainingConfig {
  return trainingConfigSchema.parse({ method, previewStep: 250 });
}

/** The published recipe: every default of the schema, and a picture to look at now and then. */
export const RECIPE: SourceTrainingConfig = { ...sourceTrainingConfigSchema.parse({}), previewStep: 250 };

/** Small crops, a narrow network, few epochs: for trying out without a graphics card. The recipe is for real data. */
const TRIAL_CONFIG: SourceTrainingConfig = {
  ...RECIPE,
  backboneName: "resnet18",
  width: 16,
  baseLr: 0.05,
  numEpochs: 6,
  cropSize: [128, 256],
  validationStart: 1,
  validationStep: 2,
  previewStep: 20,
  saveStep: 100,
  augmentation: { ...RECIPE.augmentation, cropArea: [0.5, 1], blurRadius: [0.1, 1] },
};

export const EMPTY_FORM: TrainingForm = {
  name: "",
  data: { kind: "sample", count: 400 },
  validation: { kind: "sample", count: 20 },
  initialCheckpointId: null,
  config: RECIPE,
};

/** What a machine without a graphics card trains in minutes, on scenes of the generator. */
export const QUICK_TRIAL: TrainingForm = {
  ...EMPTY_FORM,
  data: { kind: "sample", count: 160 },
  validation: { kind: "sample", count: 12 },
  config: TRIAL_CONFIG,
};

export const useTrainingForm = create<TrainingForm>(() => EMPTY_FORM);

/** Changes the form as one step of the history. */
export function changeForm(label: string, change: Partial<TrainingForm>): void {
  const before = useTrainingForm.getState();
  const after = { ...before, ...change };
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  perform({
    label,
    redo: () => useTrainingForm.setState(after),
    undo: () => useTrainingForm.setState(before),
  });
}

/** The parameters by the headings that they stand under. */
export const TRAINING_GROUPS = inGroups(parameterFields(sourceTrainingConfigSchema));

/** All that the method has. */
export function parametersOf({ method }: Pick<TrainingConfig, "method">): readonly ParameterField[] {
  return parameterFields(TRAINING_SCHEMAS[method]);
}

export function changeParameter({ path, meta }: ParameterField, value: unknown): void {
  changeForm(meta.title.toLowerCase(), { config: withValueAt(useTrainingForm.getState().config, path, value) });
}

/** Names of the parameters that differ from the recipe's; what is of no use does not count. */
export function changedFrom(recipe: TrainingConfig, config: TrainingConfig): readonly string[] {
  const textAt = (values: TrainingConfig, { path }: ParameterField) => JSON.stringify(valueAt(values, path));
  return parametersOf(config)
    .filter((field) => isUsed(field, config) && textAt(recipe, field) !== textAt(config, field))
    .map(({ name }) => name);
}

/** Labelled images of the data; null while that is not known. */
export function imagesOf(data: TrainingData, datasets: readonly Dataset[]): number | null {
  if (data.kind === "sample") return data.count;
  const dataset = datasets.find(({ id }) => id === data.datasetId);
  if (dataset === undefined) return null;
  // Only labelled ones count, but how many of a split are labelled is not told.
  if (data.split === null) return dataset.labelledCount;
  const ofSplit = dataset.splits.find(({ name }) => name === data.split)?.count ?? 0;
  return Math.min(ofSplit, dataset.labelledCount);
}

/** Steps of an epoch, and of the whole; a last batch that is not full makes a step, too. */
export function stepsOf(
  images: number,
  { batchSize, numEpochs }: Pick<SourceTrainingConfig, "batchSize" | "numEpochs">,
) {
  const perEpoch = Math.ceil(images / batchSize);
  return { perEpoch, total: perEpoch * numEpochs };
}

/** The first thing that stands in the way, as a sentence; null when training can be started. */
export function formProblem(
  { config, data, validation }: Pick<TrainingForm, "config" | "data" | "validation">,
  datasets: readonly Dataset[],
): string | null {
  for (const part of [data, validation]) {
    if (part?.kind !== "dataset") continue;
    const dataset = datasets.find(({ id }) => id === part.datasetId);
    if (dataset === undefined) return "Choose the dataset to train on.";
    if (!dataset.isAvailable) return `The folder of ${dataset.name} is not there now.`;
    if (dataset.labelledCount === 0) return `${dataset.name} has no labels; training needs them.`;
  }
  const message = sourceTrainingConfigSchema.safeParse(config).error?.issues[0]?.message;
  return message === undefined ? null : `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

export function startRequest(form: TrainingForm, { runtime, provider, threads }: Settings): StartTraining {
  return {
    ...form,
    name: form.name.trim(),
    target: null,
    importanceWeights: null,
    machine: { runtime, provider, threads },
  };
}

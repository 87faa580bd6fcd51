// What the next evaluation is started with: the form's values, and changes of them that can be undone.
import { z } from "zod";
import { create } from "zustand";
import { type AdaptationConfig, adaptationConfigSchema } from "../../../src-shared/contract/adaptation-config.ts";
import { comparedMethods } from "../../../src-shared/contract/compared-methods.ts";
import {
  type EvaluationConfig,
  type EvaluationParameters,
  evaluationConfigSchema,
  evaluationParametersSchema,
} from "../../../src-shared/contract/evaluation.ts";
import { PUBLISHED_PARAMETERS } from "../../../src-shared/contract/recommended-parameters.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import type { StartEvaluation } from "../../../src-shared/contract/workbench/evaluations.ts";
import {
  type CheckpointId,
  checkpointIdSchema,
  type DatasetId,
  datasetIdSchema,
} from "../../../src-shared/contract/workbench/ids.ts";
import type { Settings } from "../../../src-shared/contract/workbench/system.ts";
import { perform } from "../../state/history.ts";
import { keepOverReload } from "../../state/keep-over-reload.ts";
import { followed, type Recommending, startParameters } from "../../state/recipe.ts";

export interface EvaluationForm {
  /** Null: the first that fits. */
  readonly datasetId: DatasetId | null;
  /** Null: all images. */
  readonly split: string | null;
  readonly checkpointId: CheckpointId | null;
  readonly name: string;
  readonly config: EvaluationParameters;
  /** The recipe that the form started from; see the form of runs. */
  readonly base: AdaptationConfig;
}

/** The published recipe: every default of the schema. */
export const RECIPE: EvaluationParameters = evaluationParametersSchema.parse({});

export const EMPTY_FORM: EvaluationForm = {
  datasetId: null,
  split: null,
  checkpointId: null,
  name: "",
  config: RECIPE,
  base: PUBLISHED_PARAMETERS,
};

export const useEvaluationForm = create<EvaluationForm>(() => EMPTY_FORM);

const keptSchema = z.object({
  datasetId: datasetIdSchema.nullable(),
  split: z.string().nullable(),
  checkpointId: checkpointIdSchema.nullable(),
  name: z.string(),
  config: evaluationParametersSchema,
  base: adaptationConfigSchema,
});
keepOverReload("evaluation-form", useEvaluationForm, keptSchema);

/** Another checkpoint is chosen: a form that nobody has changed starts from what that one recommends. */
export function followCheckpoint(checkpoint: Recommending): void {
  const to = startParameters(checkpoint);
  useEvaluationForm.setState(({ config, base }) => ({ config: followed(config, base, to), base: to }));
}

/** Changes the form as one step of the history. */
export function changeForm(label: string, change: Partial<EvaluationForm>): void {
  const before = useEvaluationForm.getState();
  const after = { ...before, ...change };
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  perform({
    label,
    redo: () => useEvaluationForm.setState(after),
    undo: () => useEvaluationForm.setState(before),
  });
}

export function changeConfig(label: string, change: Partial<EvaluationParameters>): void {
  changeForm(label, { config: { ...useEvaluationForm.getState().config, ...change } });
}

/** With the number, or without it where it was there; in rising order, each once. */
export function toggledNumber(numbers: readonly number[], value: number): number[] {
  const others = numbers.filter((other) => other !== value);
  return others.length < numbers.length ? others : [...others, value].sort((a, b) => a - b);
}

/** The parameter sets that the adapt screen has saved, as parameters of an evaluation by the same method. */
export function presetsFrom({ presets }: Pick<Settings, "presets">, { method }: EvaluationParameters) {
  return presets.flatMap(({ name, config }) => {
    const parsed = evaluationParametersSchema.safeParse({ ...config, method });
    return parsed.success ? [{ name, config: parsed.data }] : [];
  });
}

/** What is chosen, or would be: labelled datasets and usable checkpoints first, what is open elsewhere before others. */
export function chosenOf(
  form: Pick<EvaluationForm, "datasetId" | "checkpointId">,
  datasets: readonly Dataset[],
  checkpoints: readonly Checkpoint[],
  open: { readonly datasetId: DatasetId | null; readonly checkpointId: CheckpointId | null },
): { readonly dataset: Dataset | undefined; readonly checkpoint: Checkpoint | undefined } {
  const usable = checkpoints.filter(isUsable);
  return {
    dataset:
      datasets.find(({ id }) => id === form.datasetId) ??
      datasets.find(({ id }) => id === open.datasetId) ??
      datasets.find(({ labelledCount }) => labelledCount > 0) ??
      datasets[0],
    checkpoint:
      usable.find(({ id }) => id === form.checkpointId) ??
      usable.find(({ id }) => id === open.checkpointId) ??
      usable[0],
  };
}

export function isUsable({ problem, isAvailable }: Checkpoint): boolean {
  return problem === null && isAvailable;
}

/** How many images would be evaluated; null while the split is not known. */
export function imageCountOf(dataset: Dataset | undefined, split: string | null): number | null {
  if (dataset === undefined) return null;
  return split === null ? dataset.imageCount : (dataset.splits.find(({ name }) => name === split)?.count ?? null);
}

/** The first thing that stands in the way, as a sentence; null when the evaluation can be started. */
export function formProblem(
  { config, split }: Pick<EvaluationForm, "config" | "split">,
  dataset: Dataset | undefined,
  checkpoint: Checkpoint | undefined,
): string | null {
  if (dataset === undefined) return "Open a dataset first.";
  if (checkpoint === undefined) return "Open a checkpoint first.";
  if (!dataset.isAvailable) return `The folder of ${dataset.name} is not there now.`;
  if (imageCountOf(dataset, split) === 0) return `${dataset.name} has no images.`;
  const message = evaluationConfigSchema.safeParse(config).error?.issues[0]?.message;
  return message === undefined ? null : `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

/** A split that the dataset does not have means nothing: then all images. */
export function splitOf({ split }: Pick<EvaluationForm, "split">, dataset: Dataset | undefined): string | null {
  return dataset?.splits.some(({ name }) => name === split) === true ? split : null;
}

/** All methods and recipes, in the order of a table; parameters of the form do not matter. */
export function comparisonRequests(
  form: Pick<EvaluationForm, "split">,
  dataset: Dataset,
  checkpoint: Checkpoint,
  settings: Settings,
): readonly StartEvaluation[] {
  return comparedMethods(checkpoint.alpha, checkpoint.recommended).map(({ title, config }) =>
    startRequest({ split: form.split, config, name: title }, dataset, checkpoint, settings),
  );
}

/** Of the form's parameters those that the method has. */
export function startRequest(
  form: Pick<EvaluationForm, "split" | "name"> & { readonly config: EvaluationConfig },
  dataset: Dataset,
  checkpoint: Checkpoint,
  { runtime, provider, threads }: Settings,
): StartEvaluation {
  return {
    datasetId: dataset.id,
    split: splitOf(form, dataset),
    checkpointId: checkpoint.id,
    config: evaluationConfigSchema.parse(form.config),
    machine: { runtime, provider, threads },
    name: form.name.trim(),
  };
}

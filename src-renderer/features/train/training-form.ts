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
import { SAMPLE_DOMAINS, type SampleDomain } from "../../../src-shared/contract/sample-domains.ts";
import { KEEPING, VALIDATION } from "../../../src-shared/contract/training/loop-config.ts";
import { type StepCount, traitsOf } from "../../../src-shared/contract/training/method-traits.ts";
import {
  TRAINING_SCHEMAS,
  type TrainingConfig,
  type TrainingMethodName,
} from "../../../src-shared/contract/training/training-config.ts";
import { recipesOf, type TrainingRecipe, trialOf } from "../../../src-shared/contract/training/training-recipes.ts";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import type { CheckpointId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Settings } from "../../../src-shared/contract/workbench/system.ts";
import type { StartTraining, TrainingData } from "../../../src-shared/contract/workbench/trainings.ts";
import { perform } from "../../state/history.ts";
import type { WeightedTarget } from "../../state/training-to-open.ts";

export interface TrainingForm {
  readonly name: string;
  readonly data: TrainingData;
  /** Of methods that adapt; kept while another is chosen. */
  readonly target: TrainingData;
  /** Null: without. */
  readonly validation: TrainingData | null;
  readonly initialCheckpointId: CheckpointId | null;
  /** Of methods that draw by them: "count", a file, or null: all target images alike; kept while another is chosen. */
  readonly importanceWeights: string | null;
  /** Of CROTS: see the contract; kept while another method is chosen. */
  readonly labelFolder: string | null;
  readonly config: TrainingConfig;
}

/** All but the clear day. */
export const TARGET_DOMAINS: SampleDomain[] = SAMPLE_DOMAINS.slice(1);

/** What the form begins with, of a method. */
export function firstConfig(method: TrainingMethodName): TrainingConfig {
  // There is one at least.
  return (recipesOf(method)[0] as TrainingRecipe).config;
}

export const EMPTY_FORM: TrainingForm = {
  name: "",
  data: { kind: "sample", count: 400 },
  target: { kind: "sample", count: 400, domains: TARGET_DOMAINS },
  validation: { kind: "sample", count: 20 },
  initialCheckpointId: null,
  importanceWeights: null,
  labelFolder: null,
  config: firstConfig("source-training"),
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

/** With the first recipe of another method; scenes that validate are of the domain that it is for. */
export function withMethod(form: TrainingForm, method: TrainingMethodName): TrainingForm {
  if (form.config.method === method) return form;
  const config = firstConfig(method);
  const { validation } = form;
  return {
    ...form,
    config,
    // It means something else to every method.
    labelFolder: null,
    validation: validation?.kind === "sample" ? scenesFor(config, validation.count) : validation,
  };
}

/** Of the consistency step, on a target whose weights have been counted; the rest stays where it is of that step already. */
export function formByWeights(form: TrainingForm, wanted: WeightedTarget): TrainingForm {
  const { checkpointId, datasetId, split, importanceWeights } = wanted;
  return {
    ...withMethod(form, "da-sac"),
    target: { kind: "dataset", datasetId, split },
    initialCheckpointId: checkpointId,
    importanceWeights,
  };
}

/** Scenes of the domain that a method's result is for. */
function scenesFor(config: Pick<TrainingConfig, "method">, count: number): TrainingData {
  return { kind: "sample", count, ...(traitsOf(config).hasTarget ? { domains: TARGET_DOMAINS } : {}) };
}

/** What a machine without a graphics card trains in minutes, on scenes of the generator; null for methods without a trial. */
export function quickTrial(form: TrainingForm): TrainingForm | null {
  const trial = trialOf(form.config.method);
  if (trial === null) return null;
  const { config } = trial;
  return {
    ...form,
    data: { kind: "sample", count: 160 },
    target: { kind: "sample", count: 160, domains: TARGET_DOMAINS },
    validation: scenesFor(config, 12),
    config,
  };
}

/** What is said of every method at its end. */
const LAST_GROUPS: readonly string[] = [VALIDATION, KEEPING];

/** The parameters by the headings that they stand under, in the order of the form. */
export function parameterGroups(config: Pick<TrainingConfig, "method">) {
  const groups = [...inGroups(parametersOf(config))];
  const isLast = ([title]: (typeof groups)[number]) => LAST_GROUPS.includes(title);
  return new Map([...groups.filter((group) => !isLast(group)), ...groups.filter(isLast)]);
}

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

/** The published recipe that the configuration differs least from; of equally near ones the first. */
export function nearestRecipe(config: TrainingConfig): TrainingRecipe {
  return nearestOf(recipesOf(config.method), config);
}

/** @param recipes  of the configuration's method, one at least */
export function nearestOf(recipes: readonly TrainingRecipe[], config: TrainingConfig): TrainingRecipe {
  const distance = (recipe: TrainingRecipe) => changedFrom(recipe.config, config).length;
  return recipes.reduce((best, recipe) => (distance(recipe) < distance(best) ? recipe : best));
}

/** Images of the data; null while that is not known. @param use  only labelled ones count to learn from */
export function imagesOf(
  data: TrainingData,
  datasets: readonly Dataset[],
  use: "labelled" | "any" = "labelled",
): number | null {
  if (data.kind === "sample") return data.count;
  const dataset = datasets.find(({ id }) => id === data.datasetId);
  if (dataset === undefined) return null;
  const most = use === "labelled" ? dataset.labelledCount : dataset.imageCount;
  if (data.split === null) return most;
  // How many of a split are labelled is not told.
  return Math.min(dataset.splits.find(({ name }) => name === data.split)?.count ?? 0, most);
}

/** Steps of an epoch, and of the whole; null while the images are not known. */
export function stepsOf({ config, data, target }: TrainingForm, datasets: readonly Dataset[]): StepCount | null {
  const { hasTarget, isSourceFree, steps } = traitsOf(config);
  const source = isSourceFree ? 0 : imagesOf(data, datasets);
  const adapted = hasTarget ? imagesOf(target, datasets, "any") : 0;
  return source === null || adapted === null ? null : steps(config, { source, target: adapted });
}

export function startRequest(form: TrainingForm, { runtime, provider, threads }: Settings): StartTraining {
  const { hasTarget, hasImportanceWeights, isSourceFree } = traitsOf(form.config);
  return {
    ...form,
    name: form.name.trim(),
    target: hasTarget ? form.target : null,
    importanceWeights: hasImportanceWeights ? form.importanceWeights : null,
    labelFolder: isSourceFree ? form.labelFolder : null,
    machine: { runtime, provider, threads },
  };
}

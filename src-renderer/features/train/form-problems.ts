// What stands in the way of a training, as sentences, each by the field that it is of.

import { COUNTED } from "../../../src-shared/contract/training/da-sac.ts";
import { traitsOf } from "../../../src-shared/contract/training/method-traits.ts";
import { networkOf } from "../../../src-shared/contract/training/network-of.ts";
import { trainingConfigSchema } from "../../../src-shared/contract/training/training-config.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import type { TrainingData } from "../../../src-shared/contract/workbench/trainings.ts";
import { modelNames } from "../../state/model-names.ts";
import { imagesOf, type TrainingForm } from "./training-form.ts";

/** In the order of the form. */
export const FORM_PLACES = ["data", "target", "labels", "initial", "weights", "parameters", "validation"] as const;
export type FormPlace = (typeof FORM_PLACES)[number];
export type FormProblems = Readonly<Partial<Record<FormPlace, string>>>;

/** What the form is checked against. */
export interface Known {
  readonly datasets: readonly Dataset[];
  readonly checkpoints: readonly Checkpoint[];
}

export function formProblems(form: TrainingForm, { datasets, checkpoints }: Known): FormProblems {
  const { hasTarget, hasImportanceWeights, isSourceFree } = traitsOf(form.config);
  const found: Record<FormPlace, string | null> = {
    data: isSourceFree ? null : labelsProblem(form.data, datasets),
    target: hasTarget ? imagesProblem(form.target, datasets, "Choose the dataset to adapt to.") : null,
    labels: isSourceFree ? labelFolderProblem(form) : null,
    initial: initialProblem(form, checkpoints),
    weights: hasImportanceWeights ? weightsProblem(form) : null,
    parameters: parameterProblem(form),
    validation: form.validation === null ? null : labelsProblem(form.validation, datasets),
  };
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== null));
}

/** The first of them; null when training can be started. */
export function firstProblem(problems: FormProblems): string | null {
  const place = FORM_PLACES.find((one) => problems[one] !== undefined);
  return place === undefined ? null : (problems[place] ?? null);
}

function imagesProblem(data: TrainingData, datasets: readonly Dataset[], choose: string): string | null {
  if (data.kind === "sample") return null;
  const dataset = datasets.find(({ id }) => id === data.datasetId);
  if (dataset === undefined) return choose;
  if (!dataset.isAvailable) return `The folder of ${dataset.name} is not there now.`;
  if (dataset.listing.status !== "complete" || imagesOf(data, datasets, "any") !== 0) return null;
  const where = data.split === null ? dataset.name : `The split ${data.split} of ${dataset.name}`;
  return `${where} has no images; choose another.`;
}

function labelsProblem(data: TrainingData, datasets: readonly Dataset[]): string | null {
  const problem = imagesProblem(data, datasets, "Choose the dataset to train on.");
  if (problem !== null || data.kind === "sample") return problem;
  const dataset = datasets.find(({ id }) => id === data.datasetId);
  return dataset?.labelledCount === 0 ? `${dataset.name} has no labels; training needs them.` : null;
}

/** What is recognised of a file is compared; an ImageNet classifier, of which nothing is, the engine looks at itself. */
function initialProblem(
  { initialCheckpointId, config }: TrainingForm,
  checkpoints: readonly Checkpoint[],
): string | null {
  if (initialCheckpointId === null) return null;
  const checkpoint = checkpoints.find(({ id }) => id === initialCheckpointId);
  if (checkpoint === undefined) return "Choose the checkpoint to begin with: this one was removed.";
  const { name, arch, backbone, numClasses, isAvailable } = checkpoint;
  if (!isAvailable) return `The file of ${name} is not there now.`;
  if (arch === null) return null;
  const wanted = networkOf(config);
  if (arch !== wanted.arch || (backbone !== null && backbone !== wanted.backbone)) {
    const [is, needs] = [modelNames(arch, backbone), modelNames(wanted.arch, wanted.backbone)];
    return `${name} is a ${is}, and a ${needs} is trained; choose a checkpoint of that network, or that network above.`;
  }
  if (numClasses === null || numClasses === config.numClasses) return null;
  return `${name} has ${numClasses} classes, and ${config.numClasses} are trained; choose a checkpoint with as many, or change the classes.`;
}

/** Where labels come from: a folder, or what the checkpoint predicts. */
function labelFolderProblem({ labelFolder, initialCheckpointId, config }: TrainingForm): string | null {
  if (labelFolder !== null) return labelFolder.trim() === "" ? "Name the folder." : null;
  if (initialCheckpointId !== null) return null;
  const what = config.method === "crots" ? "hard patches" : "pseudo-labels";
  return `Choose the source-only checkpoint to begin with, or a folder of ${what}.`;
}

function weightsProblem({ importanceWeights, initialCheckpointId, target }: TrainingForm): string | null {
  if (importanceWeights === null) return null;
  if (importanceWeights === COUNTED) {
    if (initialCheckpointId !== null) return null;
    return "Choose the baseline to begin with: its predictions of the target are counted.";
  }
  if (importanceWeights.trim() === "") return "Name the file of importance weights.";
  if (target.kind === "dataset") return null;
  return "A file holds weights of image files, and these target scenes are drawn; have them counted, or choose a dataset.";
}

function parameterProblem({ config }: TrainingForm): string | null {
  const message = trainingConfigSchema.safeParse(config).error?.issues[0]?.message;
  return message === undefined ? null : `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

// Methods that are steps of one sequence: where a form or a training stands in it, and the form of the step that comes next.
import { valueAt, withValueAt } from "../../../src-shared/contract/parameter-field.ts";
import { COUNTED } from "../../../src-shared/contract/training/da-sac.ts";
import { KEEPING, OPTIMISATION, VALIDATION } from "../../../src-shared/contract/training/loop-config.ts";
import { followerOf, sequenceOf, traitsOf } from "../../../src-shared/contract/training/method-traits.ts";
import type { TrainingConfig, TrainingMethodName } from "../../../src-shared/contract/training/training-config.ts";
import { recipesOf, type TrainingRecipe, trialOf } from "../../../src-shared/contract/training/training-recipes.ts";
import { OF_TRAINING, type Training } from "../../../src-shared/contract/workbench/trainings.ts";
import { changedFrom, EMPTY_FORM, firstConfig, nearestOf, parametersOf, type TrainingForm } from "./training-form.ts";

export interface SequenceStep {
  readonly title: string;
  /** What of it is worth knowing here; empty: nothing. */
  readonly detail: string;
  readonly state: "done" | "current" | "ahead";
  /** Null: of a step that belongs to the method after it. */
  readonly method: TrainingMethodName | null;
}

/** Where the next training stands. @returns nothing for a method that stands alone */
export function stepsOfForm({ config, initialCheckpointId, importanceWeights }: TrainingForm): readonly SequenceStep[] {
  return stepsAt(config.method, {
    isBegun: initialCheckpointId !== null,
    isDone: false,
    weights: drawingWords(importanceWeights),
    areWeightsDone: importanceWeights !== null && importanceWeights !== COUNTED,
  });
}

/** Where a training stands. @returns nothing for a method that stands alone */
export function stepsOfTraining(training: Training): readonly SequenceStep[] {
  const { config, initialCheckpointId, importanceWeights, counted, status, step } = training;
  const isCounting = status === "running" && counted !== null;
  return stepsAt(config.method, {
    isBegun: initialCheckpointId !== null,
    isDone: status === "finished",
    weights: isCounting ? `counting, ${counted.done + 1} of ${counted.images}` : drawingWords(importanceWeights),
    areWeightsDone: importanceWeights !== null && step > 0,
    isCounting,
  });
}

interface Standing {
  /** Whether it begins with a checkpoint. */
  readonly isBegun: boolean;
  readonly isDone: boolean;
  readonly weights: string;
  readonly areWeightsDone: boolean;
  readonly isCounting?: boolean;
}

function stepsAt(method: TrainingMethodName, standing: Standing): readonly SequenceStep[] {
  const { isBegun, isDone, weights, areWeightsDone, isCounting = false } = standing;
  const sequence = sequenceOf(method);
  if (sequence.length < 2) return [];
  const place = sequence.indexOf(method);
  return sequence.flatMap((name, k): SequenceStep[] => {
    const { stepTitle, title, hasImportanceWeights } = traitsOf({ method: name });
    const isHere = k === place;
    const isBefore = k < place;
    const own: SequenceStep = {
      title: stepTitle ?? title,
      detail: isBefore && !isBegun ? "no checkpoint chosen" : "",
      state: isHere ? (isDone ? "done" : isCounting ? "ahead" : "current") : isBefore && isBegun ? "done" : "ahead",
      method: name,
    };
    if (!hasImportanceWeights) return [own];
    const state = isHere && isCounting ? "current" : isHere && areWeightsDone ? "done" : "ahead";
    return [{ title: "Importance weights", detail: isHere ? weights : "", state, method: null }, own];
  });
}

function drawingWords(importanceWeights: string | null): string {
  if (importanceWeights === null) return "none: all images alike";
  return importanceWeights === COUNTED ? "counted before the first step" : "from a file";
}

/** The step after a training that is over; null while it is not, without a checkpoint, and after the last one. */
export function nextStep({ status, checkpointIds, config }: Training): TrainingMethodName | null {
  return status === "finished" && checkpointIds.length > 0 ? followerOf(config.method) : null;
}

/** What the next step leaves to its own recipe: how fast and how long it learns. */
const OWN_GROUPS: readonly string[] = [OPTIMISATION, VALIDATION, KEEPING];

/** The form of the step after a training: with its checkpoint, on its images, with the parameters that say which network and crops. */
export function formAfter(training: Training, method: TrainingMethodName): TrainingForm {
  const { data, target, validation, config, checkpointIds } = training;
  return {
    ...EMPTY_FORM,
    data,
    target: target ?? EMPTY_FORM.target,
    validation,
    // The best one is the first.
    initialCheckpointId: checkpointIds[0] ?? null,
    importanceWeights: traitsOf({ method }).hasImportanceWeights ? COUNTED : null,
    labelFolder: traitsOf({ method }).isSourceFree ? `${OF_TRAINING}${training.id}` : null,
    config: configAfter(config, method),
  };
}

/** The recipe that belongs to the one before, with what was changed there. */
function configAfter(before: TrainingConfig, method: TrainingMethodName): TrainingConfig {
  const recipe = nearestOf(withTrial(before.method), before);
  const twin = withTrial(method).find(({ name }) => name === recipe.name)?.config ?? firstConfig(method);
  const changed = changedFrom(recipe.config, before);
  return parametersOf({ method })
    .filter(({ name, meta }) => changed.includes(name) && !OWN_GROUPS.includes(meta.group ?? ""))
    .reduce<TrainingConfig>((config, { path, accepts }) => {
      const value = valueAt(before, path);
      return accepts(value) ? withValueAt(config, path, value) : config;
    }, twin);
}

function withTrial(method: TrainingMethodName): readonly TrainingRecipe[] {
  const trial = trialOf(method);
  return trial === null ? recipesOf(method) : [...recipesOf(method), trial];
}

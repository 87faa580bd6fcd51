// What the train screen shows: the form or a training, which others lie over its curves, how they are smoothed.
import { create } from "zustand";
import type { TrainingId } from "../../../src-shared/contract/workbench/ids.ts";
import { useNavigation } from "../../state/navigation.ts";
import { FITTED, type LinkedViews, type ViewStore } from "../../viewer/linked-views.ts";

export interface TrainView {
  readonly isFormOpen: boolean;
  /** Trainings whose curves are drawn beside the one that is shown. */
  readonly overlaid: readonly TrainingId[];
  /** Of what came before, 0 to just below 1. */
  readonly smoothing: number;
  readonly isLossLog: boolean;
  readonly validationBy: "step" | "value";
  /** A step whose preview is looked at; null: the newest. */
  readonly previewStep: number | null;
  /** Which of the groups of pictures that a method shows; the first where the training has no such. */
  readonly previewGroup: string;
}

export const FIRST_TRAIN_VIEW: TrainView = {
  isFormOpen: false,
  overlaid: [],
  smoothing: 0.9,
  isLossLog: false,
  validationBy: "step",
  previewStep: null,
  previewGroup: "predictions",
};

/** More curves can't be told apart. */
export const MAX_OVERLAID = 5;

export const useTrainView = create<TrainView>(() => FIRST_TRAIN_VIEW);

export function showTraining(trainingId: TrainingId): void {
  useTrainView.setState({ isFormOpen: false, previewStep: null });
  useNavigation.getState().go({ trainingId });
}

/** In or out; of too many the first one goes. */
export function overlaidToo(overlaid: readonly TrainingId[], id: TrainingId): readonly TrainingId[] {
  if (overlaid.includes(id)) return overlaid.filter((other) => other !== id);
  return [...overlaid, id].slice(-MAX_OVERLAID);
}

const useViews = create<LinkedViews>(() => FITTED);

export const trainViews: ViewStore = {
  get: useViews.getState,
  set: (next) => useViews.setState(next, true),
  subscribe: (onChange) => useViews.subscribe(onChange),
};

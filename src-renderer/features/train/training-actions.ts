// What can be done with trainings: start, pause, resume, stop, remove with a way back, copy as command.
import type { TrainingMethodName } from "../../../src-shared/contract/training/training-config.ts";
import type { CheckpointId, TrainingId } from "../../../src-shared/contract/workbench/ids.ts";
import type { StartTraining, Training } from "../../../src-shared/contract/workbench/trainings.ts";
import { api } from "../../state/api.ts";
import { withEntity } from "../../state/event-to-cache.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";
import { queryClient } from "../../state/query-client.ts";
import { REMOVAL_DELAY_MS, removeUndoable } from "../../state/removals.ts";
import { startOrAsk } from "../../state/start-anyway.ts";
import { forgetStop } from "../../state/stop-job.ts";
import { tell, tellFailure, tellUndoable } from "../../state/tell.ts";
import { formAfter } from "./method-sequence.ts";
import { showTraining, useTrainView } from "./train-view.ts";
import { changeForm } from "./training-form.ts";
import { trainingName } from "./training-words.ts";

function showInList(training: Training): void {
  queryClient.setQueryData(queries.trainings().queryKey, (list) => list && withEntity(list, training));
}

export async function startTraining(request: StartTraining): Promise<void> {
  try {
    const training = await startOrAsk((isForced) => api.trainings.start.mutate({ ...request, isForced }));
    if (training === null) return;
    showInList(training);
    showTraining(training.id);
  } catch (error) {
    tellFailure("The training was not started", error);
  }
}

/** Opens the form of the step after a training, filled in; what the form had before comes back by undoing. */
export function goOn(training: Training, method: TrainingMethodName): void {
  changeForm(`go on from ${trainingName(training)}`, formAfter(training, method));
  useTrainView.setState({ isFormOpen: true });
}

export async function pauseTraining(id: TrainingId): Promise<void> {
  try {
    await api.trainings.pause.mutate({ id });
  } catch (error) {
    tellFailure("The training was not paused", error);
  }
}

export async function resumeTraining(id: TrainingId): Promise<void> {
  try {
    forgetStop(id);
    const training = await startOrAsk((isForced) => api.trainings.resume.mutate({ id, isForced }));
    if (training !== null) showInList(training);
  } catch (error) {
    tellFailure("The training was not resumed", error);
  }
}

export function removeTraining(training: Training): void {
  const { id } = training;
  const name = trainingName(training);
  removeUndoable({ id, label: `remove ${name}`, remove: () => api.trainings.remove.mutate({ id }), restore: null });
  if (useNavigation.getState().trainingId === id) useNavigation.getState().go({ trainingId: null });
  tellUndoable(`Removed ${name}.`, REMOVAL_DELAY_MS);
}

export async function copyCommand(id: TrainingId): Promise<void> {
  try {
    const command = await queryClient.ensureQueryData(queries.trainingCommand(id));
    await navigator.clipboard.writeText(command);
    tell("Copied the command that trains the same.");
  } catch (error) {
    tellFailure("The command was not copied", error);
  }
}

export function openInAdapt(checkpointId: CheckpointId): void {
  useNavigation.getState().go({ screen: "adapt", checkpointId, runId: null });
}

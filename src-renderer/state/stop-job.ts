// Stopping runs, evaluations and trainings: acknowledged at once in the window, long before the engine has come to the end
// of its step.
import { create } from "zustand";
import type { EvaluationId, GroupId, RunId, TrainingId } from "../../src-shared/contract/workbench/ids.ts";
import type { QueueItemId } from "../../src-shared/contract/workbench/queue.ts";
import { api } from "./api.ts";
import { tellFailure } from "./tell.ts";

/** What was told to stop and may not have stopped yet. An id stays until it is taken up again: what has ended can't stop. */
export const useStopping = create<{ readonly ids: ReadonlySet<QueueItemId> }>(() => ({ ids: new Set() }));

export const cancelRun = (id: RunId) => stop(id, "The run was not cancelled", () => api.runs.cancel.mutate({ id }));
export const cancelGroup = (id: GroupId) =>
  stop(id, "The runs were not cancelled", () => api.runs.cancelGroup.mutate({ id }));
export const cancelEvaluation = (id: EvaluationId) =>
  stop(id, "The evaluation was not cancelled", () => api.evaluations.cancel.mutate({ id }));
export const stopTraining = (id: TrainingId) =>
  stop(id, "The training was not stopped", () => api.trainings.cancel.mutate({ id }));
/** Whatever waits in the queue, or runs. */
export const cancelItem = (id: QueueItemId) => stop(id, "It was not cancelled", () => api.queue.cancel.mutate({ id }));

/** In the middle of a step: it goes on from what was kept last. */
export async function stopNow(id: QueueItemId): Promise<void> {
  try {
    await api.queue.kill.mutate({ id });
  } catch (error) {
    tellFailure("It was not stopped", error);
  }
}

/** It was taken up again. */
export function forgetStop(id: QueueItemId): void {
  useStopping.setState(({ ids }) => ({ ids: new Set([...ids].filter((other) => other !== id)) }));
}

async function stop(id: QueueItemId, failure: string, ask: () => Promise<unknown>): Promise<void> {
  useStopping.setState(({ ids }) => ({ ids: new Set(ids).add(id) }));
  try {
    await ask();
  } catch (error) {
    forgetStop(id);
    tellFailure(failure, error);
  }
}

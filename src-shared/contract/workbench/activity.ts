// What desktop and browser show of the work: progress on the icon, and a notification when something ends out of sight.
import { networkOf } from "../training/network-of.ts";
import type { Evaluation } from "./evaluations.ts";
import type { WorkbenchEvent } from "./events.ts";
import type { EvaluationId, RunId, TrainingId, TuningId } from "./ids.ts";
import type { RunStatus, RunSummary } from "./runs.ts";
import type { Training } from "./trainings.ts";

type WorkId = RunId | EvaluationId | TrainingId | TuningId;

export interface Activity {
  /** Runs, evaluations, trainings and tunings that are queued or running. */
  readonly active: ReadonlySet<WorkId>;
  /** 0..1 of the running one; null when none is running. */
  readonly progress: number | null;
}

export const NO_ACTIVITY: Activity = { active: new Set(), progress: null };

/** The activity after an event. */
export function activityAfter(activity: Activity, event: WorkbenchEvent | { readonly type: "missed" }): Activity {
  switch (event.type) {
    case "runChanged":
      return changed(activity, event.run, 0);
    case "evaluationChanged":
      return changed(activity, event.evaluation, shareOf(event.evaluation.done, event.evaluation.images));
    case "trainingChanged":
      return changed(activity, event.training, shareOf(event.training.step, event.training.steps));
    case "tuningChanged":
      return changed(
        activity,
        event.tuning,
        shareOf(event.tuning.result?.done ?? 0, event.tuning.result?.planned ?? null),
      );
    case "tuningRemoved":
      return without(activity, event.tuningId);
    case "runRemoved":
      return without(activity, event.runId);
    case "evaluationRemoved":
      return without(activity, event.evaluationId);
    case "trainingRemoved":
      return without(activity, event.trainingId);
    case "runProgressed":
      return event.event.type === "iterationFinished"
        ? { ...activity, progress: event.event.iteration / Math.max(1, event.event.iterations) }
        : activity;
    default:
      return activity;
  }
}

/**
 * Title and text of the notification for an event; null for most.
 *
 * @param before  the activity before the event: what was not active then has not ended now
 */
export function notificationFor(
  event: WorkbenchEvent | { readonly type: "missed" },
  { active }: Activity,
): { readonly title: string; readonly body: string } | null {
  switch (event.type) {
    case "runChanged": {
      const { run } = event;
      return active.has(run.id) && run.groupId === null ? noteOf("Run", run.image.key, run) : null;
    }
    case "evaluationChanged": {
      const { evaluation } = event;
      return active.has(evaluation.id) ? noteOf("Evaluation", evaluationName(evaluation), evaluation) : null;
    }
    case "trainingChanged": {
      const { training } = event;
      return active.has(training.id) ? noteOf("Training", trainingName(training), training) : null;
    }
    case "tuningChanged": {
      const { tuning } = event;
      return active.has(tuning.id) ? noteOf("Auto-tune", tuning.name, tuning) : null;
    }
    default:
      return null;
  }
}

interface Ended {
  readonly status: RunStatus;
  readonly error: RunSummary["error"];
}

function noteOf(what: string, name: string, { status, error }: Ended): { title: string; body: string } | null {
  if (status === "finished") return { title: `${what} finished`, body: name };
  if (status !== "failed" && status !== "interrupted") return null;
  return { title: `${what} ended early`, body: `${name}: ${error?.message ?? "it was interrupted."}` };
}

function evaluationName({ name, datasetName, checkpointName }: Evaluation): string {
  return name === "" ? `${checkpointName} on ${datasetName}` : name;
}

function trainingName({ name, config }: Training): string {
  return name === "" ? `${networkOf(config).arch}, ${config.numEpochs} epochs` : name;
}

function shareOf(done: number, all: number | null): number {
  return all === null || all === 0 ? 0 : done / all;
}

/** @param progress  of it while it runs */
function changed(
  activity: Activity,
  { id, status }: { readonly id: WorkId; readonly status: RunStatus },
  progress: number,
): Activity {
  if (status !== "queued" && status !== "running") return without(activity, id);
  const active = new Set(activity.active).add(id);
  return { active, progress: status === "running" ? progress : activity.progress };
}

function without(activity: Activity, id: WorkId): Activity {
  const active = new Set(activity.active);
  active.delete(id);
  return { active, progress: active.size === 0 ? null : activity.progress };
}

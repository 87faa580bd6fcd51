// What the desktop shows of the runs: progress on the icon, and a notification when one ends out of sight.
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import type { RunId } from "../../src-shared/contract/workbench/ids.ts";
import type { RunSummary } from "../../src-shared/contract/workbench/runs.ts";

export interface Activity {
  /** Runs that are queued or running. */
  readonly active: ReadonlySet<RunId>;
  /** 0..1 of the running one; null when none is running. */
  readonly progress: number | null;
}

export const NO_ACTIVITY: Activity = { active: new Set(), progress: null };

/** The activity after an event. */
export function activityAfter(activity: Activity, event: WorkbenchEvent | { readonly type: "missed" }): Activity {
  switch (event.type) {
    case "runChanged":
      return runChanged(activity, event.run);
    case "runRemoved":
      return without(activity, event.runId);
    case "runProgressed":
      return event.event.type === "iterationFinished"
        ? { ...activity, progress: event.event.iteration / Math.max(1, event.event.iterations) }
        : activity;
    default:
      return activity;
  }
}

/** Title and text of the notification for an event; null for most. */
export function notificationFor(
  event: WorkbenchEvent | { readonly type: "missed" },
): { readonly title: string; readonly body: string } | null {
  if (event.type !== "runChanged" || event.run.groupId !== null) return null;
  const { status, image, error } = event.run;
  if (status === "finished") return { title: "Run finished", body: image.key };
  if (status === "failed" || status === "interrupted") {
    return { title: "Run ended early", body: `${image.key}: ${error?.message ?? "it was interrupted."}` };
  }
  return null;
}

function runChanged(activity: Activity, run: RunSummary): Activity {
  if (run.status !== "queued" && run.status !== "running") return without(activity, run.id);
  const active = new Set(activity.active).add(run.id);
  return { active, progress: run.status === "running" ? 0 : activity.progress };
}

function without(activity: Activity, id: RunId): Activity {
  const active = new Set(activity.active);
  active.delete(id);
  return { active, progress: active.size === 0 ? null : activity.progress };
}

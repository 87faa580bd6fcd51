// How far a run is, in words and as a share, from its last event.
import type { Run, RunSummary } from "../../src-shared/contract/workbench/runs.ts";

export interface RunProgress {
  readonly label: string;
  /** 0..1; null before the first event, when nothing is known yet. */
  readonly fraction: number | null;
}

/** Augmented views: two for every scale, whatever is done to the second. */
export function viewCount(config: RunSummary["config"]): number {
  return config.method === "predict" ? 0 : 2 * config.scales.length;
}

/** Views are forward passes, iterations about three of them each, and the last prediction is one. */
const ITERATION_COST = 3;

export function progressOf(run: Pick<Run, "config" | "method" | "status" | "lastEvent">): RunProgress {
  if (run.status === "queued") return { label: "Waiting", fraction: 0 };
  const event = run.lastEvent;
  if (event === null) return { label: "Starting", fraction: null };
  const views = viewCount(run.config);
  const iterations = run.config.method === "adapt" ? run.config.numEpochs : 0;
  const all = views + iterations * ITERATION_COST + 1;
  switch (event.type) {
    case "viewFinished":
      return { label: `View ${event.index + 1} of ${event.count}`, fraction: Math.min(1, (event.index + 1) / all) };
    case "pseudoLabelFinished":
      return { label: "Pseudo-label", fraction: views / all };
    case "iterationFinished":
      return {
        label: `Iteration ${event.iteration} of ${event.iterations}`,
        fraction: (views + event.iteration * ITERATION_COST) / all,
      };
    case "windowFinished": {
      const share = (event.index + 1) / event.windows;
      const label = `Window ${event.index + 1} of ${event.windows}`;
      // Adaptation predicts several times; of the others the windows are all there is.
      return { label, fraction: run.method === "adapt" ? null : share };
    }
    case "predictionFinished":
      return run.method === "adapt" && run.status === "running" && iterations > 0
        ? { label: "Predicting", fraction: null }
        : { label: "Finishing", fraction: 1 };
    default:
      return event satisfies never;
  }
}

// A prediction that a run has kept, and the addresses of its planes.
import type { RunId } from "../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../src-shared/contract/workbench/routes.ts";
import type { PlaneStop } from "../../src-shared/contract/workbench/runs.ts";
import type { ProbedPrediction } from "./probe-subjects.ts";

export interface Stop {
  readonly runId: RunId;
  readonly iteration: PlaneStop;
}

export function planeUrl(
  { runId, iteration }: Stop,
  plane: "labels" | "confidence" | "entropy" | "candidates",
): string {
  return routes.plane(runId, iteration, plane);
}

export function probedPrediction(
  stop: Stop,
  named: Pick<ProbedPrediction, "title" | "modelClasses" | "isThresholded">,
): ProbedPrediction {
  return {
    ...named,
    labels: planeUrl(stop, "labels"),
    confidence: planeUrl(stop, "confidence"),
    entropy: planeUrl(stop, "entropy"),
    candidates: planeUrl(stop, "candidates"),
  };
}

// What a pane can show, and which planes each choice needs of a run at an iteration.
import type { ImageId, RunId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { PlaneStop } from "../../../src-shared/contract/workbench/runs.ts";
import type { LayerRequest } from "../../state/layer-requests.ts";

export const PANE_SOURCES = [
  "image",
  "truth",
  "before",
  "after",
  "reference",
  "confidence",
  "entropy",
  "errors",
  "pseudoLabel",
  "difference",
] as const;
export type PaneSource = (typeof PANE_SOURCES)[number];

export const SOURCE_TITLES: Readonly<Record<PaneSource, string>> = {
  image: "Image",
  truth: "Ground truth",
  before: "Before",
  after: "After",
  reference: "Other result",
  confidence: "Confidence",
  entropy: "Entropy",
  errors: "Errors",
  pseudoLabel: "Pseudo-label",
  difference: "Difference",
};

/** One kept prediction. */
export interface Stop {
  readonly runId: RunId;
  readonly iteration: PlaneStop;
}

/** What is known when panes are filled. */
export interface PaneContext {
  readonly imageId: ImageId;
  readonly numClasses: number;
  readonly hasLabels: boolean;
  /** The unadapted prediction, and the one the scrubber is at. */
  readonly before: Stop | null;
  readonly shown: Stop | null;
  /** Another result to compare with, of a pinned run or of the checkpoint as it is stored; null: the unadapted prediction. */
  readonly reference: Stop | null;
  readonly hasPseudoLabel: boolean;
  /** Why there is no pseudo-label yet, or never. */
  readonly hasViews: boolean;
  /** Pixels below a confidence are hidden: labels need their confidence, too. */
  readonly usesConfidence: boolean;
}

export type PaneRequest =
  | { readonly status: "ready"; readonly layer: LayerRequest }
  /** The photograph alone is shown, with this sentence. */
  | { readonly status: "missing"; readonly reason: string };

const NO_RESULT = "No result yet";
const NO_TRUTH = "This image has no labels";

export function paneRequest(source: PaneSource, context: PaneContext): PaneRequest {
  const { imageId, numClasses, hasLabels, before, shown } = context;
  const truth = hasLabels ? routes.groundTruth(imageId, numClasses) : null;
  const reference = context.reference ?? before;
  switch (source) {
    case "image":
      return ready({ kind: "none" });
    case "truth":
      return truth === null ? missing(NO_TRUTH) : ready({ kind: "labels", labels: truth, confidence: null });
    case "before":
      return labels(before, context);
    case "after":
      return labels(shown, context);
    case "reference":
      return labels(reference, context);
    case "confidence":
      return shown === null ? missing(NO_RESULT) : ready({ kind: "heat", values: planeUrl(shown, "confidence") });
    case "entropy":
      return shown === null ? missing(NO_RESULT) : ready({ kind: "heat", values: planeUrl(shown, "entropy") });
    case "errors":
      if (truth === null) return missing(NO_TRUTH);
      return shown === null ? missing(NO_RESULT) : ready({ kind: "errors", labels: planeUrl(shown, "labels"), truth });
    case "pseudoLabel":
      return pseudoLabel(context);
    case "difference":
      if (shown === null || reference === null) return missing(NO_RESULT);
      return ready({
        kind: "difference",
        from: planeUrl(reference, "labels"),
        to: planeUrl(shown, "labels"),
        truth,
      });
    default:
      return source satisfies never;
  }
}

export function planeUrl(stop: Stop, plane: "labels" | "confidence" | "entropy" | "candidates"): string {
  return routes.plane(stop.runId, stop.iteration, plane);
}

/** Held down, the blink key shows the unadapted prediction everywhere, and the adapted one where that was. */
export function blinked(source: PaneSource): PaneSource {
  return source === "before" || source === "image" ? "after" : "before";
}

function labels(stop: Stop | null, { usesConfidence }: PaneContext): PaneRequest {
  if (stop === null) return missing(NO_RESULT);
  const confidence = usesConfidence ? planeUrl(stop, "confidence") : null;
  return ready({ kind: "labels", labels: planeUrl(stop, "labels"), confidence });
}

function pseudoLabel({ shown, hasPseudoLabel, hasViews }: PaneContext): PaneRequest {
  if (shown === null) return missing(NO_RESULT);
  if (!hasViews) return missing("A plain prediction has no pseudo-label");
  if (!hasPseudoLabel) return missing("Not fused yet");
  return ready({ kind: "pseudoLabel", labels: routes.pseudoLabel(shown.runId) });
}

function ready(layer: LayerRequest): PaneRequest {
  return { status: "ready", layer };
}

function missing(reason: string): PaneRequest {
  return { status: "missing", reason };
}

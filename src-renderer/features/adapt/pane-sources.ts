// What a pane can show, and which planes each choice needs of a run at an iteration.

import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { planeUrl, probedPrediction, type Stop } from "../../panes/kept-prediction.ts";
import { labelsAlone, NOTHING_PROBED, type ProbedPicture, type ProbedPrediction } from "../../panes/probe-subjects.ts";
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

/** What is known when panes are filled. */
export interface PaneContext {
  readonly imageId: ImageId;
  readonly modelClasses: LabelSet;
  readonly hasLabels: boolean;
  /** The unadapted prediction, and the one the scrubber is at. */
  readonly before: Stop | null;
  readonly shown: Stop | null;
  /** What is compared with; null while it is not there. */
  readonly reference: Stop | "truth" | null;
  readonly hasPseudoLabel: boolean;
  /** Why there is no pseudo-label yet, or never. */
  readonly hasViews: boolean;
  /** Pixels below a confidence are hidden: labels need their confidence, too. */
  readonly usesConfidence: boolean;
  /** Only errors so near to a border are shown; 0: all. */
  readonly errorBandPx: number;
}

export type PaneRequest =
  | { readonly status: "ready"; readonly layer: LayerRequest }
  /** The photograph alone is shown, with this sentence. */
  | { readonly status: "missing"; readonly reason: string };

const NO_RESULT = "No result yet";
const NO_TRUTH = "This image has no labels";

export function paneRequest(source: PaneSource, context: PaneContext): PaneRequest {
  const { imageId, modelClasses, hasLabels, before, shown } = context;
  const truth = hasLabels ? routes.groundTruth(imageId, modelClasses.key) : null;
  switch (source) {
    case "image":
      return ready({ kind: "none" });
    case "truth":
      return truthLayer(context);
    case "before":
      return labels(before, context);
    case "after":
      return labels(shown, context);
    case "reference":
      return context.reference === "truth" ? truthLayer(context) : labels(context.reference, context);
    case "confidence":
      return shown === null ? missing(NO_RESULT) : ready({ kind: "heat", values: planeUrl(shown, "confidence") });
    case "entropy":
      return shown === null ? missing(NO_RESULT) : ready({ kind: "heat", values: planeUrl(shown, "entropy") });
    case "errors":
      if (truth === null) return missing(NO_TRUTH);
      if (shown === null) return missing(NO_RESULT);
      return ready({ kind: "errors", labels: planeUrl(shown, "labels"), truth, bandPx: context.errorBandPx });
    case "pseudoLabel":
      return pseudoLabel(context);
    case "difference": {
      const { reference } = context;
      if (reference === "truth" && truth === null) return missing(NO_TRUTH);
      const from = reference === "truth" ? truth : reference === null ? null : planeUrl(reference, "labels");
      if (shown === null || from === null) return missing(NO_RESULT);
      return ready({ kind: "difference", from, to: planeUrl(shown, "labels"), truth });
    }
    default:
      return source satisfies never;
  }
}

/** What the probe may tell of a pane with this source. */
export function probedPicture(source: PaneSource, context: PaneContext): ProbedPicture {
  const request = paneRequest(source, context);
  if (request.status === "missing") return NOTHING_PROBED;
  const { imageId, modelClasses, hasLabels, before, shown, reference } = context;
  const truth = hasLabels ? { labels: routes.groundTruth(imageId, modelClasses.key), modelClasses } : null;
  const isThresholded = source === "before" || source === "after" || source === "reference";
  const of = (stop: Stop | null, title: string): readonly ProbedPrediction[] =>
    stop === null ? [] : [probedPrediction(stop, { title, modelClasses, isThresholded })];
  const ofShown = of(shown, shown?.iteration === before?.iteration ? SOURCE_TITLES.before : SOURCE_TITLES.after);
  switch (source) {
    case "image":
      return NOTHING_PROBED;
    case "truth":
      return { predictions: [], truth };
    case "before":
      return { predictions: of(before, SOURCE_TITLES.before), truth: null };
    case "after":
    case "confidence":
    case "entropy":
      return { predictions: ofShown, truth: null };
    case "reference":
      return reference === "truth"
        ? { predictions: [], truth }
        : { predictions: of(reference, SOURCE_TITLES.reference), truth: null };
    case "errors":
      return { predictions: ofShown, truth };
    case "difference":
      return {
        predictions: [...ofShown, ...(reference === "truth" ? [] : of(reference, referenceTitle(context)))],
        truth,
      };
    case "pseudoLabel":
      return { predictions: pseudoLabelPrediction(context), truth: null };
    default:
      return source satisfies never;
  }
}

function referenceTitle({ before, reference }: PaneContext): string {
  const isBefore = reference !== null && reference !== "truth" && before !== null && isSameStop(reference, before);
  return isBefore ? SOURCE_TITLES.before : SOURCE_TITLES.reference;
}

function isSameStop(a: Stop, b: Stop): boolean {
  return a.runId === b.runId && a.iteration === b.iteration;
}

function pseudoLabelPrediction({ shown, modelClasses }: PaneContext): readonly ProbedPrediction[] {
  if (shown === null) return [];
  const labels = routes.pseudoLabel(shown.runId);
  return [labelsAlone(labels, { title: SOURCE_TITLES.pseudoLabel, modelClasses })];
}

/** Held down, the blink key shows the unadapted prediction everywhere, and the adapted one where that was. */
export function blinked(source: PaneSource): PaneSource {
  return source === "before" || source === "image" ? "after" : "before";
}

function truthLayer({ imageId, modelClasses, hasLabels }: PaneContext): PaneRequest {
  if (!hasLabels) return missing(NO_TRUTH);
  return ready({ kind: "labels", labels: routes.groundTruth(imageId, modelClasses.key), confidence: null });
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

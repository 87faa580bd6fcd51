// What a pane of the evaluate screen can show, and which planes that needs.

import type { EvaluationId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { labelsAlone, NOTHING_PROBED, type ProbedPicture } from "../../panes/probe-subjects.ts";
import type { LayerRequest } from "../../state/layer-requests.ts";

export const PANE_SOURCES = ["prediction", "errors", "truth", "other", "otherErrors", "difference", "image"] as const;
export type PaneSource = (typeof PANE_SOURCES)[number];

export const SOURCE_TITLES: Readonly<Record<PaneSource, string>> = {
  prediction: "Prediction",
  errors: "Errors",
  truth: "Ground truth",
  other: "Compared prediction",
  otherErrors: "Compared errors",
  difference: "What changed",
  image: "Image",
};

export interface PaneContext {
  readonly evaluationId: EvaluationId;
  readonly otherId: EvaluationId | null;
  readonly imageId: ImageId;
  readonly modelClasses: LabelSet;
  readonly hasLabels: boolean;
  /** Only errors so near to a border are shown; 0: all. */
  readonly errorBandPx: number;
}

export type PaneRequest =
  | { readonly status: "ready"; readonly layer: LayerRequest }
  /** The photograph alone is shown, with this sentence. */
  | { readonly status: "missing"; readonly reason: string };

export function paneRequest(source: PaneSource, context: PaneContext): PaneRequest {
  const { evaluationId, otherId, imageId, modelClasses, errorBandPx: bandPx } = context;
  const labels = routes.evaluatedLabels(evaluationId, imageId);
  const other = otherId === null ? null : routes.evaluatedLabels(otherId, imageId);
  const truth = context.hasLabels ? routes.groundTruth(imageId, modelClasses.key) : null;
  switch (source) {
    case "image":
      return ready({ kind: "none" });
    case "prediction":
      return ready({ kind: "labels", labels, confidence: null });
    case "truth":
      return truth === null ? NO_TRUTH : ready({ kind: "labels", labels: truth, confidence: null });
    case "errors":
      return truth === null ? NO_TRUTH : ready({ kind: "errors", labels, truth, bandPx });
    case "other":
      return other === null ? NO_OTHER : ready({ kind: "labels", labels: other, confidence: null });
    case "otherErrors":
      if (truth === null) return NO_TRUTH;
      return other === null ? NO_OTHER : ready({ kind: "errors", labels: other, truth, bandPx });
    case "difference":
      return other === null ? NO_OTHER : ready({ kind: "difference", from: other, to: labels, truth });
    default:
      return source satisfies never;
  }
}

/** What the probe may tell of a pane: an evaluation keeps classes alone, no probabilities. */
export function probedPicture(source: PaneSource, context: PaneContext): ProbedPicture {
  if (paneRequest(source, context).status === "missing") return NOTHING_PROBED;
  const { evaluationId, otherId, imageId, modelClasses, hasLabels } = context;
  const truth = hasLabels ? { labels: routes.groundTruth(imageId, modelClasses.key), modelClasses } : null;
  const own = labelsAlone(routes.evaluatedLabels(evaluationId, imageId), {
    title: SOURCE_TITLES.prediction,
    modelClasses,
  });
  const others =
    otherId === null
      ? []
      : [labelsAlone(routes.evaluatedLabels(otherId, imageId), { title: "Compared", modelClasses })];
  switch (source) {
    case "image":
      return NOTHING_PROBED;
    case "prediction":
      return { predictions: [own], truth: null };
    case "errors":
      return { predictions: [own], truth };
    case "truth":
      return { predictions: [], truth };
    case "other":
      return { predictions: others, truth: null };
    case "otherErrors":
      return { predictions: others, truth };
    case "difference":
      return { predictions: [own, ...others], truth };
    default:
      return source satisfies never;
  }
}

const NO_TRUTH: PaneRequest = { status: "missing", reason: "This image has no labels" };
const NO_OTHER: PaneRequest = { status: "missing", reason: "Compared with nothing" };

function ready(layer: LayerRequest): PaneRequest {
  return { status: "ready", layer };
}

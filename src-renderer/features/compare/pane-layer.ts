// The layer of a pane, named by addresses, or the reason why there is none; and what the probe may tell of it.

import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { planeUrl, probedPrediction, type Stop } from "../../panes/kept-prediction.ts";
import { NOTHING_PROBED, type ProbedPicture, type ProbedPrediction } from "../../panes/probe-subjects.ts";
import type { CompareSource } from "../../state/compare.ts";
import type { LayerRequest } from "../../state/layer-requests.ts";

export const SOURCE_TITLES: Readonly<Record<CompareSource, string>> = {
  result: "Result",
  before: "Before",
  difference: "Difference",
  errors: "Errors",
  confidence: "Confidence",
  entropy: "Entropy",
  truth: "Ground truth",
  image: "Image",
};

/** Sources that belong to the image, whatever the run. */
export function needsNoRun(source: CompareSource): boolean {
  return source === "truth" || source === "image";
}

/** What a difference is counted from: classes of some kind, or the reason why there are none. */
export type DifferenceBase =
  | { readonly kind: "prediction"; readonly stop: Stop; readonly title: string; readonly modelClasses: LabelSet }
  | { readonly kind: "truth" }
  | { readonly kind: "missing"; readonly reason: string };

export interface LayerContext {
  readonly imageId: ImageId;
  readonly modelClasses: LabelSet;
  readonly hasLabels: boolean;
  /** What the table of pinned pixels calls the pane. */
  readonly title: string;
  /** The pane's own prediction; null while it has none. */
  readonly own: Stop | null;
  /** Of the same run, before it adapted. */
  readonly before: Stop | null;
  readonly base: DifferenceBase;
  readonly usesConfidence: boolean;
  /** Only errors so near to a border are shown; 0: all. */
  readonly errorBandPx: number;
}

export type PaneLayer =
  | { readonly status: "ready"; readonly layer: LayerRequest; readonly probed: ProbedPicture }
  /** The photograph alone is shown, with this sentence. */
  | { readonly status: "missing"; readonly reason: string };

const NO_TRUTH = "This image has no labels";
export const NO_RESULT = "No prediction here";

export function paneLayer(source: CompareSource, context: LayerContext): PaneLayer {
  const { imageId, modelClasses, hasLabels, own, before } = context;
  const truth = hasLabels ? { labels: routes.groundTruth(imageId, modelClasses.key), modelClasses } : null;
  switch (source) {
    case "image":
      return ready({ kind: "none" }, NOTHING_PROBED);
    case "truth":
      if (truth === null) return missing(NO_TRUTH);
      return ready({ kind: "labels", labels: truth.labels, confidence: null }, { predictions: [], truth });
    case "result":
      return labelLayer(own, context);
    case "before":
      return labelLayer(before, context);
    case "confidence":
    case "entropy":
      if (own === null) return missing(NO_RESULT);
      return ready({ kind: "heat", values: planeUrl(own, source) }, probed(own, context, null));
    case "errors": {
      if (truth === null) return missing(NO_TRUTH);
      if (own === null) return missing(NO_RESULT);
      const layer = { labels: planeUrl(own, "labels"), truth: truth.labels, bandPx: context.errorBandPx };
      return ready({ kind: "errors", ...layer }, probed(own, context, truth));
    }
    case "difference":
      return differenceLayer(context, truth);
    default:
      return source satisfies never;
  }
}

function differenceLayer(context: LayerContext, truth: ProbedPicture["truth"]): PaneLayer {
  const { own, base, modelClasses } = context;
  if (own === null) return missing(NO_RESULT);
  if (base.kind === "missing") return missing(base.reason);
  if (base.kind === "truth" && truth === null) return missing(NO_TRUTH);
  if (base.kind === "prediction" && base.modelClasses !== modelClasses) return missing("Compared with other classes");
  const from = base.kind === "truth" ? (truth?.labels ?? "") : planeUrl(base.stop, "labels");
  const picture = probed(own, context, truth);
  const predictions = [...picture.predictions, ...basePredictions(base)];
  const layer = { from, to: planeUrl(own, "labels"), truth: truth?.labels ?? null };
  return ready({ kind: "difference", ...layer }, { ...picture, predictions });
}

function basePredictions(base: DifferenceBase): readonly ProbedPrediction[] {
  if (base.kind !== "prediction") return [];
  const { stop, title, modelClasses } = base;
  return [probedPrediction(stop, { title, modelClasses, isThresholded: false })];
}

function labelLayer(stop: Stop | null, context: LayerContext): PaneLayer {
  if (stop === null) return missing(NO_RESULT);
  const confidence = context.usesConfidence ? planeUrl(stop, "confidence") : null;
  const { title, modelClasses } = context;
  const prediction = probedPrediction(stop, { title, modelClasses, isThresholded: true });
  const layer: LayerRequest = { kind: "labels", labels: planeUrl(stop, "labels"), confidence };
  return ready(layer, { predictions: [prediction], truth: null });
}

function probed(stop: Stop, { title, modelClasses }: LayerContext, truth: ProbedPicture["truth"]): ProbedPicture {
  return { predictions: [probedPrediction(stop, { title, modelClasses, isThresholded: false })], truth };
}

function ready(layer: LayerRequest, picture: ProbedPicture): PaneLayer {
  return { status: "ready", layer, probed: picture };
}

function missing(reason: string): PaneLayer {
  return { status: "missing", reason };
}

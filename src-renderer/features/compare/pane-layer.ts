// The layer of a pane, named by addresses, or the reason why there is none.
import type { ImageId, RunId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
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

export interface Stop {
  readonly runId: RunId;
  readonly iteration: number;
}

export interface LayerContext {
  readonly imageId: ImageId;
  readonly numClasses: number;
  readonly hasLabels: boolean;
  /** The pane's own prediction; null while it has none. */
  readonly own: Stop | null;
  /** Of the same run, before it adapted. */
  readonly before: Stop | null;
  /** Of the first pane: what differences are counted from. Null in the first pane: there it is `before`. */
  readonly first: Stop | null;
  readonly usesConfidence: boolean;
}

export type PaneLayer =
  | { readonly status: "ready"; readonly layer: LayerRequest }
  /** The photograph alone is shown, with this sentence. */
  | { readonly status: "missing"; readonly reason: string };

const NO_TRUTH = "This image has no labels";
const NO_RESULT = "No prediction here";

export function paneLayer(source: CompareSource, context: LayerContext): PaneLayer {
  const { imageId, numClasses, hasLabels, own, before, usesConfidence } = context;
  const truth = hasLabels ? routes.groundTruth(imageId, numClasses) : null;
  switch (source) {
    case "image":
      return ready({ kind: "none" });
    case "truth":
      return truth === null ? missing(NO_TRUTH) : ready({ kind: "labels", labels: truth, confidence: null });
    case "result":
      return labelLayer(own, usesConfidence);
    case "before":
      return labelLayer(before, usesConfidence);
    case "confidence":
    case "entropy":
      return own === null ? missing(NO_RESULT) : ready({ kind: "heat", values: planeOf(own, source) });
    case "errors":
      if (truth === null) return missing(NO_TRUTH);
      return own === null ? missing(NO_RESULT) : ready({ kind: "errors", labels: planeOf(own, "labels"), truth });
    case "difference": {
      const from = context.first ?? before;
      if (own === null || from === null) return missing(NO_RESULT);
      return ready({ kind: "difference", from: planeOf(from, "labels"), to: planeOf(own, "labels"), truth });
    }
    default:
      return source satisfies never;
  }
}

function labelLayer(stop: Stop | null, usesConfidence: boolean): PaneLayer {
  if (stop === null) return missing(NO_RESULT);
  const confidence = usesConfidence ? planeOf(stop, "confidence") : null;
  return ready({ kind: "labels", labels: planeOf(stop, "labels"), confidence });
}

function planeOf({ runId, iteration }: Stop, plane: "labels" | "confidence" | "entropy"): string {
  return routes.plane(runId, iteration, plane);
}

function ready(layer: LayerRequest): PaneLayer {
  return { status: "ready", layer };
}

function missing(reason: string): PaneLayer {
  return { status: "missing", reason };
}

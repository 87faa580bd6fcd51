// What a pane draws: its layer, fetched, over the photograph.
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import { useDisplay } from "../../state/display.ts";
import type { LayerRequest } from "../../state/layer-requests.ts";
import { useLayerStyle, usePicture } from "../../state/use-picture.ts";
import type { LayerStyle, Photo, Picture } from "../../viewer/picture.ts";
import type { Size } from "../../viewer/viewport.ts";
import { needsNoRun, type PaneLayer, paneLayer } from "./pane-layer.ts";
import type { ShownPane } from "./use-shown-panes.ts";

export interface PaneContentState {
  readonly picture: Picture | null;
  readonly style: LayerStyle;
  readonly isLoading: boolean;
  readonly problem: string | null;
  /** Why only the photograph is shown; null when all is there. */
  readonly missing: string | null;
}

const NO_LAYER: LayerRequest = { kind: "none" };

/** @param shown  undefined for a place without a pane */
export function usePaneContent(
  shown: ShownPane | undefined,
  first: ShownPane | undefined,
  image: ImageItem | undefined,
  photo: Photo | null,
  size: Size | null,
): PaneContentState {
  const usesConfidence = useDisplay((state) => state.confidenceThreshold > 0);
  const numClasses = shown?.resolved?.run.checkpoint.numClasses ?? first?.resolved?.run.checkpoint.numClasses ?? 19;
  const style = useLayerStyle(numClasses);
  const layer =
    shown === undefined || image === undefined ? null : layerOf(shown, first, image, numClasses, usesConfidence);
  const request = layer?.status === "ready" ? layer.layer : NO_LAYER;
  const state = usePicture(photo, shown === undefined ? null : size, request);
  return { ...state, style, missing: layer?.status === "missing" ? layer.reason : null };
}

function layerOf(
  shown: ShownPane,
  first: ShownPane | undefined,
  image: ImageItem,
  numClasses: number,
  usesConfidence: boolean,
): PaneLayer {
  const { pane, resolved, whole } = shown;
  const isFirst = first === undefined || first.pane.key === pane.key;
  if (!needsNoRun(pane.source) && resolved === null) return { status: "missing", reason: "Not run on this image" };
  // Fetched in a moment: nothing is missing that would have to be said.
  if (!needsNoRun(pane.source) && whole === undefined) return { status: "ready", layer: NO_LAYER };
  if (pane.source === "difference" && !isFirst && first.resolved?.run.checkpoint.numClasses !== numClasses) {
    return { status: "missing", reason: "The first pane's model has other classes" };
  }
  return paneLayer(pane.source, {
    imageId: image.id,
    numClasses,
    hasLabels: image.hasLabels,
    own: shown.stop,
    before: shown.before,
    first: isFirst ? null : first.stop,
    usesConfidence,
  });
}

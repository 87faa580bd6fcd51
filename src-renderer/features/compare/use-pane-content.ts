// What a pane draws: its layer, fetched, over the photograph; and what the probe may tell of it.

import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { CITYSCAPES_19 } from "../../../src-shared/labels/label-sets.ts";
import { NOTHING_PROBED, type ProbedPicture } from "../../panes/probe-subjects.ts";
import { useDisplay } from "../../state/display.ts";
import type { LayerRequest } from "../../state/layer-requests.ts";
import { type PhotoState, useLayerStyle, usePicture } from "../../state/use-picture.ts";
import type { LayerStyle, Picture } from "../../viewer/picture.ts";
import type { Size } from "../../viewer/viewport.ts";
import { differenceBase, paneTitle } from "./difference-base.ts";
import { needsNoRun, type PaneLayer, paneLayer } from "./pane-layer.ts";
import type { ShownPane } from "./use-shown-panes.ts";

export interface PaneContentState {
  readonly picture: Picture | null;
  readonly style: LayerStyle;
  readonly modelClasses: LabelSet;
  readonly probed: ProbedPicture;
  readonly isLoading: boolean;
  readonly problem: string | null;
  /** Why only the photograph is shown; null when all is there. */
  readonly missing: string | null;
}

/** Nothing to draw yet, and nothing missing that would have to be said. */
const COMING: PaneLayer = { status: "ready", layer: { kind: "none" }, probed: NOTHING_PROBED };
const NO_LAYER: LayerRequest = { kind: "none" };

/** The content of the pane at a place; there may be none. */
export function usePaneContent(
  panes: readonly ShownPane[],
  place: number,
  image: ImageItem | undefined,
  photo: PhotoState,
  size: Size | null,
): PaneContentState {
  const usesConfidence = useDisplay((state) => state.confidenceThreshold > 0);
  const errorBandPx = useDisplay((state) => state.errorBandPx);
  const shown = panes[place];
  const modelClasses = labelSetOf((shown?.resolved ?? panes[0]?.resolved)?.run.checkpoint ?? CITYSCAPES_19);
  const style = useLayerStyle(modelClasses);
  const layer =
    shown === undefined || image === undefined
      ? COMING
      : layerOf(shown, panes, image, { modelClasses, usesConfidence, errorBandPx, title: paneTitle(place) });
  const state = usePicture(photo, shown === undefined ? null : size, layer.status === "ready" ? layer.layer : NO_LAYER);
  return {
    ...state,
    style,
    modelClasses,
    probed: layer.status === "ready" ? layer.probed : NOTHING_PROBED,
    missing: layer.status === "missing" ? layer.reason : null,
  };
}

function layerOf(
  shown: ShownPane,
  panes: readonly ShownPane[],
  image: ImageItem,
  look: { modelClasses: LabelSet; usesConfidence: boolean; errorBandPx: number; title: string },
): PaneLayer {
  const { pane, resolved, whole, stop: own, before } = shown;
  if (!needsNoRun(pane.source) && resolved === null) return { status: "missing", reason: "Not run on this image" };
  if (!needsNoRun(pane.source) && whole === undefined) return COMING;
  const base = differenceBase(shown, panes);
  return paneLayer(pane.source, { ...look, imageId: image.id, hasLabels: image.hasLabels, own, before, base });
}

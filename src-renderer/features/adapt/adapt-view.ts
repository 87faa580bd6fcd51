// How the screen is arranged: panes and what they show, scrubber, divider, blinking.
import { create } from "zustand";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import { FITTED, type LinkedViews, type ViewStore } from "../../viewer/linked-views.ts";
import { blinked, type PaneSource } from "./pane-sources.ts";
import { FOLLOW, type Scrub } from "./scrub.ts";

/** "split": one pane with a divider between the first two sources. */
export type PaneLayout = "one" | "split" | "two" | "four";

export const PANE_IDS = ["pane-1", "pane-2", "pane-3", "pane-4"] as const;
export type PaneId = (typeof PANE_IDS)[number];

export type ChartMetric = "loss" | "miou" | "confidence" | "entropy";
export type ClassOrder = "change" | "iou" | "name";

/** What "other result" and "difference" mean. */
export type Reference =
  | { readonly kind: "before" }
  /** The checkpoint as it is stored. */
  | { readonly kind: "stored" }
  | { readonly kind: "truth" }
  /** A run's kept prediction; an iteration of null is its last. */
  | { readonly kind: "run"; readonly runId: RunId; readonly iteration: number | null };

export const BEFORE: Reference = { kind: "before" };

export interface AdaptView {
  readonly layout: PaneLayout;
  /** Of every pane, also of those the layout does not show now. */
  readonly sources: Readonly<Record<PaneId, PaneSource>>;
  /** The pane that keys work on. */
  readonly activePane: PaneId;
  /** 0..1 of the pane's width. */
  readonly splitAt: number;
  readonly isBlinking: boolean;
  readonly scrub: Scrub;
  readonly isPlaying: boolean;
  readonly reference: Reference;
  /** Whether markers may look at the labels. */
  readonly usesTruth: boolean;
  readonly chartMetric: ChartMetric;
  readonly classOrder: ClassOrder;
}

export const FIRST_VIEW: AdaptView = {
  layout: "four",
  sources: { "pane-1": "before", "pane-2": "after", "pane-3": "difference", "pane-4": "confidence" },
  activePane: "pane-2",
  splitAt: 0.5,
  isBlinking: false,
  scrub: FOLLOW,
  isPlaying: false,
  reference: BEFORE,
  usesTruth: false,
  chartMetric: "loss",
  classOrder: "change",
};

export const useAdaptView = create<AdaptView>(() => FIRST_VIEW);

/** The panes of a layout, in reading order. In a split one the second source has no pane of its own. */
export function panesOf(layout: PaneLayout): readonly PaneId[] {
  switch (layout) {
    case "one":
    case "split":
      return ["pane-1"];
    case "two":
      return ["pane-1", "pane-2"];
    case "four":
      return PANE_IDS;
    default:
      return layout satisfies never;
  }
}

/** A single pane takes over what the active one shows, so that nobody loses what they look at. */
export function withLayout(view: AdaptView, layout: PaneLayout): AdaptView {
  const panes = panesOf(layout);
  if (panes.includes(view.activePane)) return { ...view, layout };
  const [first = "pane-1"] = panes;
  if (layout !== "one") return { ...view, layout, activePane: first };
  const sources = { ...view.sources, [first]: view.sources[view.activePane], [view.activePane]: view.sources[first] };
  return { ...view, layout, activePane: first, sources };
}

/** What a pane draws now, and right of its divider; the blink key swaps what is drawn while it is held. */
export function drawnSources(
  { layout, sources, isBlinking }: Pick<AdaptView, "layout" | "sources" | "isBlinking">,
  pane: PaneId,
): readonly [left: PaneSource, right: PaneSource | null] {
  const own = sources[pane];
  if (layout === "split") return [own, isBlinking ? own : sources["pane-2"]];
  return [isBlinking ? blinked(own) : own, null];
}

/** What all panes in view draw now, in reading order. */
export function visibleSources(view: Pick<AdaptView, "layout" | "sources" | "isBlinking">): readonly PaneSource[] {
  return panesOf(view.layout)
    .flatMap((pane) => drawnSources(view, pane))
    .filter((source) => source !== null);
}

export function withSource(view: AdaptView, pane: PaneId, source: PaneSource): AdaptView {
  return { ...view, sources: { ...view.sources, [pane]: source } };
}

/**
 * Pins a run to compare with, or with null unpins it. It is shown at once: where no pane has the other result, the one
 * that shows the unadapted prediction turns to it, and turns back later.
 */
export function withPinnedRun(view: AdaptView, runId: RunId | null): AdaptView {
  const [from, to] = runId === null ? (["reference", "before"] as const) : (["before", "reference"] as const);
  const shown = panesOf(view.layout === "split" ? "two" : view.layout);
  const reference: Reference = runId === null ? BEFORE : { kind: "run", runId, iteration: null };
  const pinned = { ...view, reference };
  if (runId !== null && shown.some((pane) => view.sources[pane] === "reference")) return pinned;
  const pane = shown.find((id) => view.sources[id] === from);
  return pane === undefined ? pinned : withSource(pinned, pane, to);
}

/** Another image: the scrubber's place and the result compared with mean nothing there. */
export function withOtherImage(view: AdaptView): AdaptView {
  return { ...view, scrub: FOLLOW, isPlaying: false, reference: BEFORE };
}

/** Another run of the same image: shown from its newest prediction. */
export function withOtherRun(view: AdaptView): AdaptView {
  return { ...view, scrub: FOLLOW, isPlaying: false };
}

const useViews = create<LinkedViews>(() => FITTED);

/** Where the panes look; outlives the screen, so that coming back shows the same place. */
export const adaptViews: ViewStore = {
  get: useViews.getState,
  set: (next) => useViews.setState(next, true),
  subscribe: (onChange) => useViews.subscribe(onChange),
};

export function useIsLinked(): boolean {
  return useViews((state) => state.isLinked);
}

// What the evaluate screen shows: which part, compared with what, which images, which panes.
import { create } from "zustand";
import type { ConfusionCell } from "../../../src-shared/contract/workbench/evaluations.ts";
import type { EvaluationId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { useNavigation } from "../../state/navigation.ts";
import { FITTED, type LinkedViews, resetViews, type ViewStore } from "../../viewer/linked-views.ts";
import type { ClassOrder } from "./class-rows.ts";
import type { Normalisation } from "./confusion.ts";
import type { ImageOrder } from "./image-rows.ts";
import type { PaneSource } from "./pane-request.ts";

/** What the list of images is narrowed to. */
export type Narrowing =
  | ({ readonly kind: "cell" } & ConfusionCell)
  | { readonly kind: "class"; readonly trainId: number };

export interface EvaluateView {
  readonly isFormOpen: boolean;
  readonly tab: "figures" | "images";
  /** By evaluation; "none" where nothing is to be compared. What is not in it compares with the first guess. */
  readonly against: Readonly<Record<string, EvaluationId | "none">>;
  readonly normalisation: Normalisation;
  readonly classOrder: ClassOrder;
  readonly imageOrder: ImageOrder;
  readonly narrowing: Narrowing | null;
  readonly imageId: ImageId | null;
  readonly paneCount: 1 | 2 | 4;
  readonly sources: readonly PaneSource[];
}

export const FIRST_EVALUATE_VIEW: EvaluateView = {
  isFormOpen: false,
  tab: "figures",
  against: {},
  normalisation: "rows",
  classOrder: "class",
  imageOrder: "worst",
  narrowing: null,
  imageId: null,
  paneCount: 4,
  sources: ["prediction", "errors", "truth", "other"],
};

export const useEvaluateView = create<EvaluateView>(() => FIRST_EVALUATE_VIEW);

/** Opens an evaluation; what was looked at in another one means nothing here. */
export function showEvaluation(evaluationId: EvaluationId): void {
  useEvaluateView.setState({ isFormOpen: false, narrowing: null, imageId: null });
  useNavigation.getState().go({ evaluationId });
}

/** The images of a cell or class, with what went wrong in them. */
export function showImagesOf(narrowing: Narrowing): void {
  useEvaluateView.setState(({ paneCount, sources }) => ({
    tab: "images",
    narrowing,
    imageId: null,
    sources: sources.slice(0, paneCount).includes("errors") ? sources : sources.with(0, "errors"),
  }));
}

const useViews = create<LinkedViews>(() => FITTED);

/** Where the panes look; outlives the screen. */
export const evaluateViews: ViewStore = {
  get: useViews.getState,
  set: (next) => useViews.setState(next, true),
  subscribe: (onChange) => useViews.subscribe(onChange),
};

export function fitPanes(): void {
  evaluateViews.set(resetViews(evaluateViews.get()));
}

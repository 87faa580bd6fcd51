// What keys and buttons do to the panes.
import { linkViews, moveView, unlinkViews } from "../../viewer/linked-views.ts";
import { adaptViews, panesOf, useAdaptView } from "./adapt-view.ts";

/** Linked again, all panes go where the active one is. */
export function toggleLink(): void {
  const views = adaptViews.get();
  adaptViews.set(views.isLinked ? unlinkViews(views) : linkViews(views, useAdaptView.getState().activePane));
}

export function fitPanes(): void {
  const { layout } = useAdaptView.getState();
  adaptViews.set(panesOf(layout).reduce((views, pane) => moveView(views, pane, null), adaptViews.get()));
}

// Where the panes of this screen look; outlives the screen, so that coming back shows the same place.
import { create } from "zustand";
import {
  FITTED,
  type LinkedViews,
  linkViews,
  moveView,
  unlinkViews,
  type ViewStore,
} from "../../viewer/linked-views.ts";

const useViews = create<LinkedViews>(() => FITTED);

export const compareViews: ViewStore = {
  get: useViews.getState,
  set: (next) => useViews.setState(next, true),
  subscribe: (onChange) => useViews.subscribe(onChange),
};

export function useIsLinked(): boolean {
  return useViews((state) => state.isLinked);
}

/** Linked again, all panes go where this one is. */
export function toggleLink(pane: string): void {
  const views = compareViews.get();
  compareViews.set(views.isLinked ? unlinkViews(views) : linkViews(views, pane));
}

export function fitPanes(panes: readonly string[]): void {
  compareViews.set(panes.reduce((views, pane) => moveView(views, pane, null), compareViews.get()));
}

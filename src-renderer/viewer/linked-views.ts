// Viewports of several panes that move together, or each by itself.
import type { Viewport } from "./viewport.ts";

/** Null: the whole image, fitted again whenever the pane changes its size. */
export type View = Viewport | null;

export interface LinkedViews {
  readonly isLinked: boolean;
  /** Of all panes while they are linked. */
  readonly shared: View;
  /** Of each pane while they are not; a pane without an entry shows the shared one. */
  readonly own: Readonly<Record<string, View>>;
}

/** Where the panes' viewports live; given from outside, so that two screens may keep theirs. */
export interface ViewStore {
  get(): LinkedViews;
  set(next: LinkedViews): void;
  /** @returns ends the subscription */
  subscribe(onChange: () => void): () => void;
}

export const FITTED: LinkedViews = { isLinked: true, shared: null, own: {} };

export function viewOf(views: LinkedViews, pane: string): View {
  if (views.isLinked) return views.shared;
  return pane in views.own ? (views.own[pane] ?? null) : views.shared;
}

/** The pane was moved to `view`; with it every other pane that is linked. */
export function moveView(views: LinkedViews, pane: string, view: View): LinkedViews {
  if (views.isLinked) return { ...views, shared: view };
  return { ...views, own: { ...views.own, [pane]: view } };
}

/** Every pane stays where it is. */
export function unlinkViews(views: LinkedViews): LinkedViews {
  return { isLinked: false, shared: views.shared, own: {} };
}

/** All panes go where `pane` is. */
export function linkViews(views: LinkedViews, pane: string): LinkedViews {
  return { isLinked: true, shared: viewOf(views, pane), own: {} };
}

/** Another image: everything is fitted again, and stays linked or not. */
export function resetViews(views: LinkedViews): LinkedViews {
  return { ...FITTED, isLinked: views.isLinked };
}

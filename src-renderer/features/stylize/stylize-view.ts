// What the stylize screen shows: which image in the style of which other, and how much of it.
import { create } from "zustand";
import { BETA_BELOW, DEFAULT_BETA, type Style } from "../../../src-shared/contract/style.ts";
import type { DatasetId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { FITTED, type LinkedViews, type ViewStore } from "../../viewer/linked-views.ts";

/** What is chosen on one side; null: what is taken where nobody has chosen. */
export interface Chosen {
  readonly datasetId: DatasetId | null;
  readonly imageId: ImageId | null;
}

export interface StylizeView {
  readonly content: Chosen;
  readonly style: Chosen;
  readonly kind: Style["style"];
  /** Of the slider, 0..1. */
  readonly place: number;
}

const NOTHING: Chosen = { datasetId: null, imageId: null };

const LARGEST_BETA = BETA_BELOW - 0.001;

/** Small shares are what matters: they grow with the cube of the slider's place, 0..1. */
export function betaAt(place: number): number {
  return Math.round(LARGEST_BETA * place ** 3 * 1000) / 1000;
}

export const useStylizeView = create<StylizeView>(() => ({
  content: NOTHING,
  style: NOTHING,
  kind: "fourier",
  place: Math.cbrt(DEFAULT_BETA / LARGEST_BETA),
}));

export function styleOf({ kind, place }: Pick<StylizeView, "kind" | "place">): Style {
  return kind === "fourier" ? { style: kind, beta: betaAt(place) } : { style: kind };
}

/** How many coefficients on a side change, of an image of this size. */
export function changedSide(
  beta: number,
  { width, height }: { readonly width: number; readonly height: number },
): number {
  return 2 * Math.floor(Math.min(width, height) * beta) + 1;
}

const useViews = create<LinkedViews>(() => FITTED);

export const stylizeViews: ViewStore = {
  get: useViews.getState,
  set: (next) => useViews.setState(next, true),
  subscribe: (onChange) => useViews.subscribe(onChange),
};

// How label maps are drawn, the same in every viewer: opacity, palette, hidden classes, confidence threshold, outline.
import { create } from "zustand";
import type { Settings } from "../../src-shared/contract/workbench/system.ts";
import { perform } from "./history.ts";

export interface Display {
  /** Of the label map over the image, 0..1. */
  readonly opacity: number;
  readonly palette: Settings["palette"];
  /** Train ids that are not drawn. */
  readonly hiddenClasses: ReadonlySet<number>;
  /** Pixels less confident than this are not drawn, 0..1. */
  readonly confidenceThreshold: number;
  /** Draw borders between classes instead of areas. */
  readonly outline: boolean;
  /** Lines over the areas, another pattern for each class. */
  readonly hasPatterns: boolean;
  /** Only errors at most so many pixels from a border between classes are drawn and counted; 0: all. */
  readonly errorBandPx: number;
}

export const DEFAULT_DISPLAY: Display = {
  opacity: 0.6,
  palette: "cityscapes",
  hiddenClasses: new Set(),
  confidenceThreshold: 0,
  outline: false,
  hasPatterns: false,
  errorBandPx: 0,
};

export const useDisplay = create<Display>(() => DEFAULT_DISPLAY);

/** The classes hidden after the toggle of one. */
export function toggled(hidden: ReadonlySet<number>, trainId: number): ReadonlySet<number> {
  const next = new Set(hidden);
  if (!next.delete(trainId)) next.add(trainId);
  return next;
}

/** The class that is shown alone; null where there is none or more than one. */
export function soloClassOf(hidden: ReadonlySet<number>, numClasses: number): number | null {
  const shown = Array.from({ length: numClasses }, (_, id) => id).filter((id) => !hidden.has(id));
  return shown.length === 1 ? (shown[0] ?? null) : null;
}

/** All classes but this one hidden; all shown again when it already is the only one. */
export function soloed(hidden: ReadonlySet<number>, trainId: number, numClasses: number): ReadonlySet<number> {
  if (soloClassOf(hidden, numClasses) === trainId) return new Set();
  return new Set(Array.from({ length: numClasses }, (_, id) => id).filter((id) => id !== trainId));
}

/** Sets values without a step in the history, as while a slider is dragged. */
export function setDisplay(change: Partial<Display>): void {
  useDisplay.setState(change);
}

function hide(label: string, after: ReadonlySet<number>): void {
  const before = useDisplay.getState().hiddenClasses;
  perform({
    label,
    redo: () => setDisplay({ hiddenClasses: after }),
    undo: () => setDisplay({ hiddenClasses: before }),
  });
}

/** Shows or hides a class; can be undone. */
export function toggleClass(trainId: number, name: string): void {
  const { hiddenClasses } = useDisplay.getState();
  hide(`${hiddenClasses.has(trainId) ? "show" : "hide"} ${name}`, toggled(hiddenClasses, trainId));
}

/** Shows one class alone, or all again; can be undone. */
export function soloClass(trainId: number, name: string, numClasses: number): void {
  hide(`show only ${name}`, soloed(useDisplay.getState().hiddenClasses, trainId, numClasses));
}

/** Shows every class; can be undone. */
export function showAllClasses(): void {
  hide("show all classes", new Set());
}

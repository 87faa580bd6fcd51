// The pixel under the pointer, apart from everything else because it changes with every move of the mouse.
import { create } from "zustand";
import type { PaneContext, PaneSource, Stop } from "./pane-sources.ts";

export interface ProbePoint {
  /** Pane the pointer is in. */
  readonly pane: string;
  readonly x: number;
  readonly y: number;
  /** Whether the pointer is in the left half of the pane: the card goes to the other. */
  readonly isLeft: boolean;
}

export const useProbePoint = create<{ readonly point: ProbePoint | null }>(() => ({ point: null }));

/** Sources that draw the prediction the scrubber is at. */
const OF_SHOWN: readonly PaneSource[] = ["after", "confidence", "entropy", "errors", "difference"];
const OF_TRUTH: readonly PaneSource[] = ["truth", "errors", "difference"];

export interface ProbeTarget {
  /** The prediction whose planes are read; null: none is visible. */
  readonly stop: Stop | null;
  readonly showsTruth: boolean;
}

/**
 * What the probe may speak of in a pane. Nothing is told of a layer that no pane shows: a pane without a prediction of
 * its own speaks of one that is visible beside it.
 */
export function probeTarget(
  own: PaneSource,
  visible: readonly PaneSource[],
  { before, shown, reference, hasLabels }: Pick<PaneContext, "before" | "shown" | "reference" | "hasLabels">,
): ProbeTarget {
  const showsTruth = hasLabels && visible.some((source) => OF_TRUTH.includes(source));
  const candidates: readonly PaneSource[] = [own, ...visible];
  for (const source of candidates) {
    if (OF_SHOWN.includes(source) && shown !== null) return { stop: shown, showsTruth };
    if (source === "before" && before !== null) return { stop: before, showsTruth };
    if (source === "reference" && (reference ?? before) !== null) return { stop: reference ?? before, showsTruth };
  }
  return { stop: null, showsTruth };
}

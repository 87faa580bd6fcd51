// The pixel under the pointer, apart from everything else because it changes with every move of the mouse.
import { create } from "zustand";
import type { StagePixel } from "../viewer/stage.ts";

export interface ProbePoint extends StagePixel {
  /** Pane the pointer is in. */
  readonly pane: string;
  /** Whether the pointer is in the left half of the pane: the card goes to the other. */
  readonly isLeft: boolean;
}

export const useProbePoint = create<{ readonly point: ProbePoint | null }>(() => ({ point: null }));

/** What a pane calls when the pointer moves over it. */
export function pointIn(pane: string): (pixel: StagePixel | null, isLeft: boolean) => void {
  return (pixel, isLeft) => useProbePoint.setState({ point: pixel === null ? null : { pane, isLeft, ...pixel } });
}

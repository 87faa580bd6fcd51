// Blinking: panes one after the other in the same place, by itself or while a key is held.
import { create } from "zustand";

export interface Blink {
  /** How often the picture has changed. */
  readonly steps: number;
  readonly isPlaying: boolean;
  /** While the key is down. */
  readonly isHeld: boolean;
}

/** Slow enough to see each, and far below what could harm. */
export const BLINK_MS = 700;

export const useBlink = create<Blink>(() => ({ steps: 0, isPlaying: false, isHeld: false }));

/** The pane that is shown; while the key is held, the one after it. */
export function blinkPlace({ steps, isHeld }: Blink, panes: number): number {
  return panes === 0 ? 0 : (steps + Number(isHeld)) % panes;
}

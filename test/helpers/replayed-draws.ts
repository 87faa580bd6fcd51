// Draws that a test has recorded, given out in their order and only for what they were drawn for.
import { expect } from "vitest";
import type { ColorJitter } from "../../src-main/engine/images/jitter-colors.ts";
import type { Draws, JitterStrength } from "../../src-main/engine/methods/shared/draws.ts";

export type RecordedDraw =
  | readonly ["random" | "uniform" | "randint", number]
  | readonly ["jitter", ColorJitter]
  | readonly ["crop_i_j_h_w", readonly [number, number, number, number]];

export interface ReplayedDraws extends Draws {
  /** Fails where something was recorded that nobody asked for. */
  expectUsedUp(): void;
}

export function replayedDraws(recorded: readonly RecordedDraw[]): ReplayedDraws {
  let used = 0;
  function next<K extends RecordedDraw[0]>(kind: K): Extract<RecordedDraw, readonly [K, unknown]>[1] {
    const draw = recorded[used];
    if (draw?.[0] !== kind) throw new Error(`draw ${used} is "${draw?.[0]}", and "${kind}" was asked for`);
    used += 1;
    return draw[1] as Extract<RecordedDraw, readonly [K, unknown]>[1];
  }
  const number = (kind: "random" | "uniform" | "randint"): number => Number(next(kind));
  return {
    unit: () => number("random"),
    uniform: (low, high) => within(number("uniform"), low, high),
    integer: (low, high) => within(number("randint"), low, high),
    cropOrigin: (spareRows, spareColumns) => {
      const [top, left] = next("crop_i_j_h_w");
      return { top: within(top, 0, spareRows), left: within(left, 0, spareColumns) };
    },
    jitter: (strength) => jitterWithin(next("jitter"), strength),
    expectUsedUp: () => expect(used).toBe(recorded.length),
  };
}

function jitterWithin(jitter: ColorJitter, strength: JitterStrength): ColorJitter {
  within(jitter.hue, -strength.hue, strength.hue);
  for (const name of ["brightness", "contrast", "saturation"] as const) {
    within(jitter[name], Math.max(0, 1 - strength[name]), 1 + strength[name]);
  }
  return jitter;
}

/** What was recorded lies where it was asked for: a wrong range would not show otherwise. */
function within(value: number, low: number, high: number): number {
  if (value >= low - 1e-6 && value <= high + 1e-6) return value;
  throw new Error(`recorded ${value} is not between ${low} and ${high}`);
}

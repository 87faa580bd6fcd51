// e^d for d <= 0, as softmax needs it once a pixel and class: a table instead of Math.exp.

/** Below this distance from the largest logit a probability is under 2e-8, which no figure shows. */
export const NEGLIGIBLE = -18;

const STEPS_PER_UNIT = 256;
/** e^(−j / 256) for all j that NEGLIGIBLE leaves. */
const EXP_TABLE = Float64Array.from({ length: -NEGLIGIBLE * STEPS_PER_UNIT + 1 }, (_, j) =>
  Math.exp(-j / STEPS_PER_UNIT),
);

/**
 * e^d for d <= 0, to 10 digits: a table for the coarse part and three terms of the series for the rest; 0 where negligible.
 * It takes a third of Math.exp's time, which would be the larger part of the pass.
 */
export function expOfNegative(d: number): number {
  if (d < NEGLIGIBLE) return 0;
  const j = (-d * STEPS_PER_UNIT) | 0;
  const rest = d + j / STEPS_PER_UNIT; // −1/256 < rest <= 0
  return (EXP_TABLE[j] as number) * (1 + rest * (1 + rest * (0.5 + rest * (1 / 6))));
}

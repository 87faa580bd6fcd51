// What a number field makes of what was typed into it.

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** A whole step means whole numbers. */
  readonly step: number;
}

/** The nearest number that the field may hold; null where nothing like a number was typed. */
export function enteredNumber(typed: number | string, { min, max, step }: NumberRange): number | null {
  const number = typeof typed === "number" ? typed : Number.parseFloat(typed);
  if (!Number.isFinite(number)) return null;
  const allowed = Math.min(Math.max(number, min), max);
  return Number.isInteger(step) ? Math.round(allowed) : allowed;
}

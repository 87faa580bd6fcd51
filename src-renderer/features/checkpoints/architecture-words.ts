// Shapes and large numbers of an architecture as people read them.

const UNITS = ["", "k", "M", "G", "T"] as const;

/** "23.5 M", "180 G": three digits. */
export function countWithUnit(count: number): string {
  const power = count < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[power] ?? ""}`.trim();
}

/** "256 × 128 × 256" of [N, C, H, W]; a dash where there is none. */
export function outputText(shape: readonly number[]): string {
  return shape.length === 0 ? "–" : shape.slice(1).join(" × ");
}

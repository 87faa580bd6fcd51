// Numbers as people read them.

/** 950 ms, 8.3 s, 2 min 05 s. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** 512 bytes, 6.4 MB (decimal units). */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = "";
  for (const next of units) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${value.toFixed(value < 9.95 ? 1 : 0)} ${unit}`;
}

/** A fraction in percent with one decimal, without the sign; a dash where there is none. */
export function percentText(fraction: number | null): string {
  return fraction === null ? "–" : (fraction * 100).toFixed(1);
}

/** The difference of two fractions in percentage points, with its sign. */
export function gainText(before: number | null, after: number | null): string {
  if (before === null || after === null) return "–";
  const points = ((after - before) * 100).toFixed(1);
  const isNegative = points.startsWith("-") && points !== "-0.0";
  return isNegative ? points.replace("-", "−") : `+${points.replace("-", "")}`;
}

export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

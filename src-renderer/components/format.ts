// Numbers as people read them.

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** "1.4 GiB" */
export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power] ?? ""}`;
}

const COUNT = new Intl.NumberFormat("en");

/** "100,000" */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** "1 image", "2,000 images" */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Between a number and its unit: a line never breaks there. */
const NO_BREAK = "\u00a0";

/** 0.4321 as "43.2 %"; an em dash where it is not known. */
export function formatShare(share: number | null | undefined): string {
  return share == null ? "–" : `${(share * 100).toFixed(1)}${NO_BREAK}%`;
}

/** 0.4321 as "43 %", where a setting has no more digits than that. */
export function formatPercent(share: number): string {
  return `${Math.round(share * 100)}${NO_BREAK}%`;
}

/** A difference of shares in points: "+1.2". */
export function formatGain(gain: number | null | undefined): string {
  if (gain == null) return "–";
  const points = (gain * 100).toFixed(1);
  return gain > 0 ? `+${points}` : points.replace("-", "−");
}

/** "1024 × 512" */
export function formatSize(size: { readonly width: number; readonly height: number }): string {
  return `${size.width} × ${size.height}`;
}

/** "850 ms", "12 s", "3 min 20 s", "2 h 5 min" */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 10) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Folders that say nothing about what is in them. */
const PLAIN_FOLDERS = /^(images?|imgs?|rgb|color|colour|frames?|leftimg8bit|rgb_anon|data)$/i;
/** A name of at most so many signs before the ending, such as "000.png", needs its folder to mean something. */
const SHORT_NAME = 6;

/** A file's name; short ones with the nearest folder that says something: "fog/000.png". */
export function shortName(key: string): string {
  const parts = key.split("/");
  const name = parts.pop() ?? key;
  if (name.replace(/\.[a-z]+$/i, "").length > SHORT_NAME) return name;
  const folder = parts.findLast((part) => !PLAIN_FOLDERS.test(part));
  return folder === undefined ? name : `${folder}/${name}`;
}

/** The last part of a path, of either kind of system. */
export function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? path;
}

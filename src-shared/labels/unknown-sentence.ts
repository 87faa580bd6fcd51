// Says what label files hold that is of no class, and how much of them it is.
import type { UnknownLabels } from "../contract/unknown-labels.ts";
import type { DatasetEncoding } from "./dataset-tables.ts";

/** So many values are named. */
const NAMED = 6;

/** @param encoding  what the files were read as, if it is known: they may be something else */
export function unknownSentence(
  { files, pixels, filePixels, values, example }: UnknownLabels,
  encoding: DatasetEncoding | null = null,
): string {
  const [counted, hold, share] =
    files === 1
      ? [`"${example}"`, "holds", "of it"]
      : [`${files} label files such as "${example}"`, "hold", "of these files"];
  const named = values.slice(0, NAMED).map(({ what }) => what);
  const others = values.length - named.length;
  const list = others > 0 ? `${named.join(", ")} and ${others} more` : listed(named);
  const percent = (100 * pixels) / filePixels;
  const shown = percent < 0.1 ? "less than 0.1" : percent.toFixed(1);
  const hint = encoding === null ? "" : hintFor(encoding, values);
  return `${counted} ${hold} ${list}, which no class has: ${pixels} pixels, ${shown} % ${share}, count for nothing.${hint}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** What the file may really be. */
function hintFor(encoding: DatasetEncoding, values: UnknownLabels["values"]): string {
  const ids = values.flatMap(({ what }) => (/^id \d+$/.test(what) ? [Number(what.slice(3))] : []));
  const isBetween = (low: number, high: number) => ids.length > 0 && ids.every((id) => id >= low && id <= high);
  if (encoding === "mapillary" && isBetween(66, 123)) {
    return " It looks like a file of Mapillary Vistas 2.0, whose ids mean other classes: the figures are worth nothing.";
  }
  if (encoding === "trainIds" && isBetween(19, 33)) {
    return " These are ids of Cityscapes itself; if the files hold those, say so with --label-encoding cityscapes.";
  }
  return "";
}

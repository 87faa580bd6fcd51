// Which images of a data set somebody asks for: all, or those of a split.
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { DatasetReport } from "./dataset-report.ts";
import { isInSplit } from "./published-splits.ts";

export interface SplitChoice {
  /** Null: all images. */
  readonly split: string | null;
  /**
   * What of a data set that has no such split: it is refused unless nobody has named the split. "all": all images are taken,
   * and the report says so; "allOfUnsplit": only of a data set without any splits.
   */
  readonly otherwise?: "refused" | "allOfUnsplit" | "all";
}

/**
 * @param items   of the whole data set
 * @param root    its folder, for the message
 * @param report  hears of a usual split that is not there
 * @throws AppError `input.option` when the data set has no such split
 */
export function chosenItems<I extends Pick<DatasetItem, "key" | "split">>(
  items: readonly I[],
  { split, otherwise = "refused" }: SplitChoice,
  root: string,
  report: DatasetReport,
): I[] {
  if (split === null) return [...items];
  const chosen = items.filter((item) => isInSplit(item, split));
  if (chosen.length > 0) return chosen;
  const splits = [...new Set(items.flatMap((item) => item.split ?? []))].toSorted();
  if (splits.length === 0 && otherwise !== "refused") return [...items];
  if (otherwise === "all") {
    const named = splits.join(", ");
    report.add("dataset.splitMissing", root, () => `"${root}" has no split "${split}": all of ${named} are taken.`);
    return [...items];
  }
  const has = splits.length === 0 ? "no splits at all" : `only ${splits.map((name) => `"${name}"`).join(", ")}`;
  const advice = splits.length === 0 ? "leave the split out" : 'name one of them, or "all" for every image';
  throw new AppError("input.option", `"${root}" has no split "${split}", ${has}; ${advice}.`);
}

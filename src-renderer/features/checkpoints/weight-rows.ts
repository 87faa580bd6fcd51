// The table of a checkpoint's weights: which rows are shown, in which order, and in what words.
import type { TensorChange, TensorStatistics } from "../../../src-shared/contract/workbench/checkpoints.ts";

export const WEIGHT_COLUMNS = ["key", "min", "max", "mean", "deviation", "zeros", "broken", "change"] as const;
export type WeightColumn = (typeof WEIGHT_COLUMNS)[number];

export const WEIGHT_TITLES: Readonly<Record<WeightColumn, string>> = {
  key: "Tensor",
  min: "Least",
  max: "Greatest",
  mean: "Mean",
  deviation: "Deviation",
  zeros: "Zeros",
  broken: "No numbers",
  change: "Change",
};

export interface WeightRow {
  readonly tensor: TensorStatistics;
  /** Against the other checkpoint; null where none is chosen. */
  readonly change: TensorChange | null;
}

export interface WeightSort {
  readonly by: WeightColumn;
  readonly descending: boolean;
}

/** Rows whose key has all the words; by "key" they stay in the order of the file. */
export function weightRows(
  tensors: readonly TensorStatistics[],
  changes: readonly TensorChange[] | null,
  text: string,
  sort: WeightSort,
): readonly WeightRow[] {
  const byKey = new Map(changes?.map((change) => [change.key, change]));
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = tensors
    .filter(({ key }) => words.every((word) => key.toLowerCase().includes(word)))
    .map((tensor): WeightRow => ({ tensor, change: byKey.get(tensor.key) ?? null }));
  if (sort.by === "key") return sort.descending ? rows.toReversed() : rows;
  const sign = sort.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [one, other] = [sortValue(a, sort.by), sortValue(b, sort.by)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return sign * (one - other);
  });
}

function sortValue({ tensor, change }: WeightRow, by: WeightColumn): number | null {
  switch (by) {
    case "key":
      return null;
    case "zeros":
      return shareOfZeros(tensor);
    case "broken":
      return brokenCount(tensor);
    case "change":
      // What has no factor, such as something where zeros were, has changed most.
      return change === null ? null : change.kind === "same" ? 0 : (change.relative ?? Number.MAX_VALUE);
    default:
      return tensor[by];
  }
}

export function shareOfZeros({ zeros, values }: TensorStatistics): number {
  return values === 0 ? 0 : zeros / values;
}

export function brokenCount({ notNumbers, infinities }: TensorStatistics): number {
  return notNumbers + infinities;
}

/** A click on a head: by it, then the other way round. What stands out comes first; keys begin as in the file. */
export function nextWeightSort(sort: WeightSort, by: WeightColumn): WeightSort {
  return sort.by === by ? { by, descending: !sort.descending } : { by, descending: by !== "key" && by !== "min" };
}

/** "0.0123", "1.2e-7": three digits of anything. */
export function valueText(value: number | null): string {
  if (value === null) return "–";
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size < 1e-4 || size >= 1e5)
    return value.toExponential(1).replace("-", "−").replace("e+", "e").replace("e-", "e−");
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

/** "1.20 %", "unchanged", "other shape". */
export function changeText(change: TensorChange | null): string {
  if (change === null) return "";
  switch (change.kind) {
    case "same":
      return "unchanged";
    case "onlyHere":
      return "not there";
    case "onlyThere":
      return "only there";
    case "otherShape":
      return "other shape";
    case "changed":
      return change.relative === null ? "from zeros" : `${(change.relative * 100).toPrecision(3)} %`;
    default:
      return change.kind satisfies never;
  }
}

/** How much changed in all, in a sentence. */
export function changesSentence(changes: readonly TensorChange[]): string {
  const count = (kind: TensorChange["kind"]) => changes.filter((change) => change.kind === kind).length;
  const [same, changed] = [count("same"), count("changed")];
  const apart = changes.length - same - changed;
  if (same + changed === 0) return "The two have no tensor in common: they are of different architectures.";
  const parts = [
    changed === 0 ? "No tensor differs" : `${changed} of ${same + changed} tensors differ`,
    ...(apart > 0 ? [`${apart} are in one of them only, or of another shape`] : []),
  ];
  return `${parts.join("; ")}.`;
}

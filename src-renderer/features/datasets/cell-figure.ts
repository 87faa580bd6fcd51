// The figure in the corner of an image in the grid: the one sorted by, otherwise the mean IoU, and what it is of.
import type { ImageItem, ImageQuery } from "../../../src-shared/contract/workbench/datasets.ts";
import { formatGain, formatShare } from "../../components/format.ts";

export interface CellFigure {
  readonly name: string;
  readonly text: string;
  /** Whose value it is, in a sentence. */
  readonly title: string;
  readonly isLoss: boolean;
}

const FIGURES = {
  miou: { name: "IoU", long: "Mean IoU" },
  entropy: { name: "entropy", long: "Mean entropy" },
  confidence: { name: "confidence", long: "Mean confidence" },
  gain: { name: "gain", long: "Gain in points of mean IoU, from the unadapted prediction to the adapted one," },
} as const;

/** @returns null where the image has no result, or its result no such figure */
export function cellFigure({ scores }: Pick<ImageItem, "scores">, sortBy: ImageQuery["sort"]["by"]): CellFigure | null {
  const figure = sortBy === "name" || sortBy === "similarity" ? "miou" : sortBy;
  const value = scores?.[figure] ?? null;
  if (value === null) return null;
  const { name, long } = FIGURES[figure];
  return {
    name,
    text: figure === "gain" ? formatGain(value) : formatShare(value),
    title: `${long} of this image's newest result, of a run or an evaluation`,
    isLoss: figure === "gain" && value < 0,
  };
}

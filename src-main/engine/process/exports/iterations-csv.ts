// A run's figures as one table: an iteration a row, with loss, scores and the IoU of each class.
import type { Run } from "../../../../src-shared/contract/workbench/runs.ts";

/** Cells without a figure are empty. The loss of a row is that of the step to it, so iteration 0 has none. */
export function iterationsCsv({ losses, kept }: Run, classNames: readonly string[]): string {
  const head = ["iteration", "loss", "mean IoU", "mean confidence", "mean entropy"];
  const keptByIteration = new Map(kept.map((entry) => [entry.iteration, entry]));
  const last = Math.max(losses.length, ...keptByIteration.keys());
  const rows = Array.from({ length: last + 1 }, (_, iteration) => {
    const entry = keptByIteration.get(iteration);
    const iou = classNames.map((_, trainId) => entry?.scores?.iou[trainId]);
    const figures = [losses[iteration - 1], entry?.scores?.miou, entry?.meanConfidence, entry?.meanEntropy, ...iou];
    return [iteration, ...figures.map((figure) => figure ?? "")];
  });
  return [[...head, ...classNames.map((name) => `IoU ${name}`)], ...rows].map((row) => `${row.join(",")}\n`).join("");
}

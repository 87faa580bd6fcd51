// Names of exported files: the image's own name and what the file is.
import type { ExportFormat } from "../../../src-shared/contract/workbench/exports.ts";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";

/** As the command line names its files, where it has them. */
const ENDINGS: Readonly<Record<ExportFormat, string>> = {
  trainIds: "trainIds.png",
  labelIds: "labelIds.png",
  color: "color.png",
  overlay: "overlay.png",
  probabilities: "probabilities.npz",
  coco: "coco.json",
  csv: "iterations.csv",
  json: "run.json",
  report: "report.html",
  weights: "adapted.safetensors",
  onnx: "adapted.onnx",
};
/** Of a run's id, where names would be the same without: a sweep has many runs over one image. */
const ID_DIGITS = 8;

export type NamedRun = Pick<RunSummary, "id" | "image">;

/**
 * Each run's name, to which endings are added: the image's path in its dataset, without extension. Runs whose images go by
 * one name, on a disk that does not tell capitals from small letters, get a part of their ids behind it.
 */
export function runNames(runs: readonly NamedRun[]): ReadonlyMap<RunId, string> {
  const stems = new Map(runs.map(({ id, image }) => [id, image.key.replace(/\.[^./]+$/, "")]));
  const uses = Map.groupBy(stems.values(), folded);
  return new Map(
    [...stems].map(([id, stem]) => {
      const isShared = (uses.get(folded(stem))?.length ?? 0) > 1;
      return [id, isShared ? `${stem}_${id.slice(0, ID_DIGITS)}` : stem];
    }),
  );
}

export function fileName(runName: string, format: ExportFormat): string {
  return `${runName}_${ENDINGS[format]}`;
}

function folded(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

// The curves of runs: loss by iteration, and the figures of what was kept.
import type { KeptIteration, Run } from "../../../src-shared/contract/workbench/runs.ts";
import type { ChartPoint } from "../../components/chart-scale.ts";
import { shortName } from "../../components/format.ts";
import type { ChartLine } from "../../components/line-chart.tsx";
import { lineColor } from "../../components/series-colors.ts";
import { METHOD_TITLES } from "../../state/run-words.ts";
import { parameterRows } from "./run-parameters.ts";

export const RUN_CURVES = ["loss", "miou", "entropy", "confidence"] as const;
export type RunCurve = (typeof RUN_CURVES)[number];

export const CURVE_TITLES: Readonly<Record<RunCurve, string>> = {
  loss: "Loss",
  miou: "Mean IoU",
  entropy: "Entropy",
  confidence: "Confidence",
};

const FIGURE_OF: Readonly<Record<Exclude<RunCurve, "loss">, (kept: KeptIteration) => number | null>> = {
  miou: ({ scores }) => scores?.miou ?? null,
  entropy: ({ meanEntropy }) => meanEntropy,
  confidence: ({ meanConfidence }) => meanConfidence,
};

/** Points of a curve by iteration; the loss of iteration i stands at i, as the original counts. */
export function curvePoints(run: Pick<Run, "losses" | "kept">, curve: RunCurve): readonly ChartPoint[] {
  if (curve === "loss") return run.losses.map((y, index) => ({ x: index + 1, y }));
  return run.kept.flatMap((kept) => {
    const y = FIGURE_OF[curve](kept);
    return y === null ? [] : [{ x: kept.iteration, y }];
  });
}

/** A line for each run that has the curve, in the colour of its place. */
export function curveLines(runs: readonly Run[], curve: RunCurve): readonly ChartLine[] {
  const names = runNames(runs);
  return runs.flatMap((run, place) => {
    const points = curvePoints(run, curve);
    return points.length === 0 ? [] : [{ key: run.id, name: names[place] ?? "", color: lineColor(place), points }];
  });
}

/** What tells the runs apart, in few words: image, method and parameters where they differ. */
export function runNames(runs: readonly Run[]): readonly string[] {
  const images = new Set(runs.map(({ image }) => image.id));
  const checkpoints = new Set(runs.map(({ checkpoint }) => checkpoint.id));
  const methods = new Set(runs.map(({ method }) => method));
  const rows = runs.map(({ config }) => parameterRows(config));
  const valuesOf = (key: string) => new Set(rows.map((own) => own.find((row) => row.key === key)?.value));
  const names = runs.map(({ image, checkpoint, method }, place) => {
    const differing = (rows[place] ?? []).filter(({ key }) => valuesOf(key).size > 1);
    return [
      ...(images.size > 1 ? [shortName(image.key)] : []),
      ...(checkpoints.size > 1 ? [checkpoint.name] : []),
      ...(methods.size > 1 ? [METHOD_TITLES[method]] : []),
      ...(methods.size > 1 ? [] : differing.map(({ name, value }) => `${name.toLowerCase()} ${value}`)),
    ].join(", ");
  });
  return names.map((name, place) =>
    name === "" || names.indexOf(name) !== names.lastIndexOf(name)
      ? [name, `run ${place + 1}`].filter((part) => part !== "").join(", ")
      : name,
  );
}

// Chooses hyper-parameters on a development split: the same evaluation for every combination of a grid.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { EvaluationConfig, EvaluationSummary } from "../../../src-shared/contract/evaluation.ts";
import type { RecommendedParameters } from "../../../src-shared/contract/recommended-parameters.ts";
import { htmlPage } from "../pages/html-page.ts";
import { lineChart } from "../pages/line-chart.ts";
import { html, type Markup } from "../pages/markup.ts";

export type AdaptationEvaluation = Extract<EvaluationConfig, { readonly method: "adapt" }>;

export interface TuningGrid {
  readonly baseLr: readonly number[];
  readonly numEpochs: readonly number[];
  readonly threshold: readonly number[];
}

export interface Combination {
  /** A folder's name: "lr-0.05_iterations-10_threshold-0.7". */
  readonly name: string;
  readonly config: AdaptationEvaluation;
}

export interface TunedCombination extends Combination {
  readonly summary: EvaluationSummary;
}

/** All combinations, the learning rate changing last. */
export function combinationsOf(config: AdaptationEvaluation, grid: TuningGrid): Combination[] {
  return grid.threshold.flatMap((threshold) =>
    grid.numEpochs.flatMap((numEpochs) =>
      grid.baseLr.map((baseLr) => ({
        name: `lr-${baseLr}_iterations-${numEpochs}_threshold-${threshold}`,
        config: { ...config, baseLr, numEpochs, threshold },
      })),
    ),
  );
}

/** The best first; combinations without labels keep their order. */
export function byScore(tuned: readonly TunedCombination[]): TunedCombination[] {
  return tuned.toSorted((a, b) => (b.summary.pooled?.miou ?? 0) - (a.summary.pooled?.miou ?? 0));
}

/**
 * What the best combination recommends.
 *
 * @param dataset  its name, not where it lies: the sentence goes wherever the checkpoint goes
 * @throws AppError `input.unreadable` when nothing was scored
 */
export function recommendationFrom(
  tuned: readonly TunedCombination[],
  dataset: string,
  split: string | null,
): RecommendedParameters {
  const [best] = byScore(tuned);
  const miou = best?.summary.pooled?.miou ?? null;
  if (best === undefined || miou === null) {
    throw new AppError(
      "input.unreadable",
      `"${dataset}" has no labels to tell the best combination by; tune on images with labels.`,
    );
  }
  const { method: _, alpha: __, ...parameters } = best.config;
  const images = `${best.summary.labelled} images of "${dataset}"${split === null ? "" : `, ${split}`}`;
  const foundOn = `Best of ${tuned.length} combinations by pooled mean IoU (${(100 * miou).toFixed(1)} %) on ${images}.`;
  return { method: "self-adaptation", parameters, foundOn };
}

export function tuningCsv(tuned: readonly TunedCombination[]): string {
  const rows = tuned.map(({ config, summary }) => {
    const { pooled, meanImageMiou, calibration, entropy } = summary;
    const figures = [pooled?.miou, meanImageMiou, calibration?.ece, entropy];
    return [config.baseLr, config.numEpochs, config.threshold, ...figures.map((figure) => figure ?? "")].join(",");
  });
  return ["learning rate,iterations,threshold,pooled mIoU,mean image mIoU,ECE,entropy", ...rows, ""].join("\n");
}

/** A plot of the score over the learning rate, a line for each of the other parameters' combinations, and the table. */
export function tuningPage(title: string, tuned: readonly TunedCombination[]): string {
  const scored = tuned.filter(({ summary }) => summary.pooled !== null);
  const groups = Map.groupBy(scored, ({ config }) => `${config.numEpochs} iterations, threshold ${config.threshold}`);
  const series = [...groups].map(([name, members]) => ({
    name,
    points: members
      .map(({ config, summary }) => ({ x: config.baseLr, y: 100 * (summary.pooled?.miou ?? 0) }))
      .toSorted((a, b) => a.x - b.x),
  }));
  return htmlPage(title, [
    html`<header><h1>${title}</h1><p>${tuned.length} combinations, the best first</p></header>`,
    scored.length === 0
      ? html``
      : html`<section>${lineChart(series, { x: "learning rate", y: "pooled mean IoU in percent" })}</section>`,
    html`<section>${table(byScore(tuned))}</section>`,
  ]);
}

function table(tuned: readonly TunedCombination[]): Markup {
  const percent = (value: number | null | undefined): string =>
    value === null || value === undefined ? "–" : (100 * value).toFixed(1);
  const rows = tuned.map(
    ({ config, summary }) =>
      html`<tr><th scope="row">${config.baseLr}</th><td>${config.numEpochs}</td><td>${config.threshold}</td><td>${percent(summary.pooled?.miou)}</td><td>${percent(summary.meanImageMiou)}</td><td>${percent(summary.calibration?.ece)}</td><td>${percent(summary.entropy)}</td></tr>`,
  );
  return html`<table><thead><tr><th>learning rate</th><th>iterations</th><th>threshold</th><th>pooled mIoU</th><th>mean image mIoU</th><th>ECE</th><th>entropy</th></tr></thead><tbody>${rows}</tbody></table>`;
}

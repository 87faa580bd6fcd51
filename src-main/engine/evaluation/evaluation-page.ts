// An evaluation as one HTML file: each figure with its definition, IoU per class, confusion matrix, calibration, images.
import {
  type EvaluationHeader,
  type EvaluationSummary,
  FIGURE_DEFINITIONS,
} from "../../../src-shared/contract/evaluation.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { labelledClasses, predictedAloneSentence } from "../../../src-shared/labels/labelled-classes.ts";
import { unknownSentence } from "../../../src-shared/labels/unknown-sentence.ts";
import { htmlPage } from "../pages/html-page.ts";
import { lineChart } from "../pages/line-chart.ts";
import { html, type Markup } from "../pages/markup.ts";

/** Images in the list of the best and in that of the worst. */
const LISTED_IMAGES = 20;
/** Colour of a cell of the confusion matrix at a share of 0 and of 1: strength of the accent. */
const CELL_COLOR = "var(--accent)";

export function evaluationPage(header: EvaluationHeader, summary: EvaluationSummary): string {
  const labelSet = labelSetOf(header.checkpoint);
  const { checkpoint, config, dataset } = header;
  const name = checkpoint.path.split(/[\\/]/).at(-1) ?? checkpoint.path;
  const split = dataset.split === null ? "" : `, ${dataset.split}`;
  return htmlPage(`${dataset.path}: ${config.method}`, [
    html`<header><h1>${dataset.path}${split}</h1><p>${config.method} with ${name}, ${summary.images} images, ${summary.labelled} with labels${summary.failed === 0 ? "" : `, ${summary.failed} failed`}</p></header>`,
    ...(summary.unknownLabels === undefined ? [] : [html`<p>${unknownSentence(summary.unknownLabels)}</p>`]),
    html`<dl class="figures">${figures(summary, labelSet)}</dl>`,
    domainTable(summary),
    ...(summary.pooled === null ? [] : [classBars(summary.pooled.iou, labelSet), confusionMatrix(summary, labelSet)]),
    ...(summary.calibration === null ? [] : [calibration(summary.calibration)]),
    imageLists(summary),
    html`<section><h2>Parameters</h2>${values(config)}</section>`,
    html`<section><h2>What made it</h2>${values({ ...header.runtime, acclimate: header.acclimate, checkpoint: checkpoint.sha256, layout: dataset.layout })}</section>`,
  ]);
}

function figures(summary: EvaluationSummary, { names }: LabelSet): Markup[] {
  const { pooled, meanImageMiou, calibration: ece, entropy, confidence } = summary;
  const labelled = labelledClasses(summary);
  const alone = labelled && predictedAloneSentence(labelled, names);
  const shown: readonly (readonly [string, number | null, string])[] = [
    ["Pooled mean IoU", pooled?.miou ?? null, FIGURE_DEFINITIONS.miou],
    ["Mean IoU of the labelled classes", labelled?.miou ?? null, `${FIGURE_DEFINITIONS.labelledMiou} ${alone ?? ""}`],
    ["Mean image mIoU", meanImageMiou, FIGURE_DEFINITIONS.meanImageMiou],
    ["ECE", ece?.ece ?? null, FIGURE_DEFINITIONS.ece],
    ["Entropy", entropy, FIGURE_DEFINITIONS.entropy],
    ["Confidence", confidence, FIGURE_DEFINITIONS.confidence],
  ];
  return shown
    .filter(([, value]) => value !== null)
    .map(
      ([title, value, definition]) =>
        html`<div><dt>${title}</dt><dd>${percent(value)} %</dd><p class="definition">${definition}</p></div>`,
    );
}

function domainTable({ domains }: EvaluationSummary): Markup {
  if (domains.length < 2) return html``;
  const rows = domains.map(
    ({ name, images, miou, meanImageMiou }) =>
      html`<tr><th scope="row">${name}</th><td>${images}</td><td>${percent(miou)}</td><td>${percent(meanImageMiou)}</td></tr>`,
  );
  return html`<section><h2>Domains, in percent</h2><p class="definition">${FIGURE_DEFINITIONS.domains}</p><table><thead><tr><th>domain</th><th>images</th><th>mIoU</th><th>mean image mIoU</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function classBars(iou: readonly (number | null)[], { names, palette }: LabelSet): Markup {
  const rows = names.map((name, trainId) => {
    const value = iou[trainId] ?? null;
    const color = `rgb(${(palette[trainId] ?? [0, 0, 0]).join(" ")})`;
    return html`<tr><th scope="row"><span class="swatch" style="background:${color}"></span>${name}</th><td>${percent(value)}</td><td class="bar"><div class="track"><div class="fill" style="width:${percent(value ?? 0)}%;background:${color}"></div></div></td></tr>`;
  });
  return html`<section><h2>IoU per class, in percent</h2><table class="bars"><tbody>${rows}</tbody></table></section>`;
}

/** Rows add up to 1: of the pixels labelled so, which share was predicted as what. */
function confusionMatrix({ pooled, numClasses }: EvaluationSummary, { names }: LabelSet): Markup {
  const counts = pooled?.confusion ?? [];
  const rows = names.map((name, label) => {
    const row = counts.slice(label * numClasses, (label + 1) * numClasses);
    const total = row.reduce((sum, count) => sum + count, 0);
    const cells = row.map((count, predicted) => {
      const share = total === 0 ? 0 : count / total;
      const tip = `${name} predicted as ${names[predicted] ?? predicted}: ${percent(share)} %, ${count} pixels`;
      return html`<td title="${tip}" style="background:color-mix(in srgb, ${CELL_COLOR} ${Math.round(100 * share)}%, transparent)">${share >= 0.005 ? Math.round(100 * share) : ""}</td>`;
    });
    return html`<tr><th scope="row">${name}</th>${cells}</tr>`;
  });
  return html`<section><h2>Confusion, in percent of each row</h2><p class="definition">${FIGURE_DEFINITIONS.confusion}</p><table class="matrix"><thead><tr><th></th>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></section>`;
}

function calibration({ reliability }: NonNullable<EvaluationSummary["calibration"]>): Markup {
  const points = reliability.confidence.map((x, bin) => ({ x, y: reliability.accuracy[bin] ?? 0 }));
  const diagonal = [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ];
  const series = [
    { name: "right as often as it says", points: diagonal },
    { name: "this evaluation", points: points.toSorted((a, b) => a.x - b.x) },
  ];
  return html`<section><h2>Reliability</h2><p class="definition">${FIGURE_DEFINITIONS.reliability}</p>${lineChart(series, { x: "mean confidence", y: "share of right pixels" })}</section>`;
}

function imageLists({ perImage }: EvaluationSummary): Markup {
  const scored = perImage.filter(({ miou }) => miou !== null).toSorted((a, b) => (b.miou ?? 0) - (a.miou ?? 0));
  if (scored.length === 0) return html``;
  const table = (images: typeof scored): Markup =>
    html`<table><thead><tr><th>image</th><th>mIoU</th><th>entropy</th></tr></thead><tbody>${images.map(({ key, miou, entropy }) => html`<tr><th scope="row">${key}</th><td>${percent(miou)}</td><td>${percent(entropy)}</td></tr>`)}</tbody></table>`;
  if (scored.length <= 2 * LISTED_IMAGES) return html`<section><h2>Images, best first</h2>${table(scored)}</section>`;
  return html`<section><h2>Best images</h2>${table(scored.slice(0, LISTED_IMAGES))}<h2>Worst images</h2>${table(scored.slice(-LISTED_IMAGES).toReversed())}</section>`;
}

function values(record: Readonly<Record<string, unknown>>): Markup {
  const rows = Object.entries(record).map(
    ([name, value]) =>
      html`<tr><th scope="row">${name}</th><td>${Array.isArray(value) ? value.join(" ") : String(value ?? "–")}</td></tr>`,
  );
  return html`<table class="values"><tbody>${rows}</tbody></table>`;
}

function percent(value: number | null): string {
  return value === null ? "–" : (100 * value).toFixed(1);
}

// A run as one HTML file that needs nothing else: figures, pictures, curves, classes, parameters, how to repeat it.
import type { ExportedRun } from "../../../../../src-shared/contract/export-job.ts";
import type { KeptIteration, Run } from "../../../../../src-shared/contract/workbench/runs.ts";
import type { Palette } from "../../../../../src-shared/labels/palettes.ts";
import { referenceOf, verdictOf } from "../../../../../src-shared/verdict/verdict.ts";
import { verdictWords } from "../../../../../src-shared/verdict/verdict-words.ts";
import { htmlPage } from "../../../pages/html-page.ts";
import { type ChartPoint, lineChart } from "../../../pages/line-chart.ts";
import { html, type Markup } from "../../../pages/markup.ts";
import type { ReportPicture } from "./report-pictures.ts";

export interface ReportInput extends Pick<ExportedRun, "run" | "command" | "iteration"> {
  readonly classNames: readonly string[];
  readonly palette: Palette;
  /** Share of the image's pixels by train id, 0..1. */
  readonly sharesBefore: readonly number[];
  readonly sharesAfter: readonly number[];
  /** Share of pixels whose class changed. */
  readonly changedShare: number;
  readonly pictures: readonly ReportPicture[];
}

const METHOD_NAMES = { adapt: "self-adaptation", tta: "test-time augmentation", predict: "plain prediction" } as const;

export function reportPage(input: ReportInput): string {
  const { run, command, pictures } = input;
  const title = `${run.image.key}: ${METHOD_NAMES[run.method]}`;
  return htmlPage(title, [
    html`<header><h1>${run.image.key}</h1><p>${METHOD_NAMES[run.method]} with ${run.checkpoint.name}, ${dateOf(run)}${run.status === "finished" ? "" : `, ${run.status}`}</p></header>
${verdictLine(input)}
<dl class="figures">${figuresOf(input).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<section class="pictures">${pictures.map(({ title: caption, uri }) => html`<figure><img src="${uri}" alt="${caption}"><figcaption>${caption}</figcaption></figure>`)}</section>
${curves(run)}
<section><h2>Classes</h2>${classTable(input)}</section>
<section><h2>Parameters</h2>${definitionTable(run.config)}</section>
<section><h2>What made it</h2>${definitionTable(run.provenance ?? {})}</section>
<section><h2>How to repeat it</h2><pre>${command}</pre></section>
${run.notes === "" ? "" : html`<section><h2>Notes</h2><p class="notes">${run.notes}</p></section>`}`,
  ]);
}

function dateOf({ createdAt }: Run): string {
  return new Date(createdAt).toISOString().slice(0, 16).replace("T", " ").concat(" UTC");
}

function keptAt({ kept }: Run, iteration: number): KeptIteration | undefined {
  return kept.find((entry) => entry.iteration === iteration);
}

/** The verdict in the words of the window and the command line; nothing where nothing can be compared. */
function verdictLine({ run, iteration, classNames }: ReportInput): Markup | string {
  const verdict = verdictOf(run, iteration);
  if (verdict === null) return "";
  const { title, details, note, alarm } = verdictWords(verdict, run.method, classNames);
  return html`<p class="verdict"><strong>${title}.</strong> ${[...details, note ?? "", ...alarm].join(" ")}</p>`;
}

function figuresOf({ run, iteration, changedShare, classNames }: ReportInput): [string, string][] {
  const [before, after] = [keptAt(run, 0), keptAt(run, iteration)];
  const figures: [string, string][] = [["Iterations", String(iteration)]];
  // As in the verdict, gains are counted from the checkpoint as it is stored.
  const from = referenceOf(run, "stored")?.scores?.miou ?? before?.scores?.miou ?? null;
  const to = after?.scores?.miou ?? null;
  if (from !== null && to !== null) {
    figures.push(["Mean IoU, as stored → now", `${percent(from)} → ${percent(to)}`], ["Gain", signed(to - from)]);
  }
  const source = referenceOf(run, "source")?.scores?.miou ?? null;
  if (source !== null) figures.push(["Mean IoU with alpha 0", percent(source)]);
  if (after?.scores?.miouPresent != null) {
    const present = after.scores.present.map((trainId) => classNames[trainId] ?? String(trainId));
    figures.push([`Mean IoU of the labelled classes (${present.join(", ")})`, percent(after.scores.miouPresent)]);
  }
  const [first, last] = [run.losses[0], run.losses[iteration - 1]];
  if (first !== undefined && last !== undefined)
    figures.push(["Loss", `${first.toPrecision(3)} → ${last.toPrecision(3)}`]);
  if (before !== undefined && after !== undefined) {
    figures.push(["Mean confidence", `${percent(before.meanConfidence)} → ${percent(after.meanConfidence)}`]);
  }
  const overlap = after?.figures?.overlapAgreement ?? null;
  if (overlap !== null) figures.push(["Overlapping windows agree on", percent(overlap)]);
  figures.push(["Pixels that changed", percent(changedShare)]);
  return figures;
}

function curves({ losses, kept }: Run): Markup {
  const loss = losses.map((y, i) => ({ x: i + 1, y }));
  const miou = kept.flatMap(({ iteration, scores }) =>
    scores?.miou == null ? [] : [{ x: iteration, y: scores.miou }],
  );
  const charts = [
    ...(loss.length > 1 ? [html`<section>${overIterations(loss, "Loss")}</section>`] : []),
    ...(miou.length > 1 ? [html`<section>${overIterations(miou, "Mean IoU")}</section>`] : []),
  ];
  return html`<div class="charts">${charts}</div>`;
}

function overIterations(points: readonly ChartPoint[], y: string): Markup {
  return lineChart([{ name: y, points }], { x: "iteration", y });
}

/** Classes that the labels or a prediction have. */
function classTable(input: ReportInput): Markup {
  const { run, iteration, classNames, palette, sharesBefore, sharesAfter } = input;
  const [before, after] = [keptAt(run, 0)?.scores?.iou, keptAt(run, iteration)?.scores?.iou];
  const rows = classNames.flatMap((name, trainId) => {
    const [from, to] = [before?.[trainId] ?? null, after?.[trainId] ?? null];
    const [shareBefore = 0, shareAfter = 0] = [sharesBefore[trainId], sharesAfter[trainId]];
    if (from === null && to === null && shareBefore === 0 && shareAfter === 0) return [];
    const gain = from === null || to === null ? null : to - from;
    const color = `rgb(${(palette[trainId] ?? [0, 0, 0]).join(" ")})`;
    return [
      html`<tr><th scope="row"><span class="swatch" style="background:${color}"></span>${name}</th><td>${percent(shareBefore)}</td><td>${percent(shareAfter)}</td><td>${percentOrNone(from)}</td><td>${percentOrNone(to)}</td><td class="${gainClass(gain)}">${gain === null ? "–" : signed(gain)}</td></tr>`,
    ];
  });
  return html`<table><thead><tr><th scope="col">Class</th><th scope="col">Pixels before</th><th scope="col">after</th><th scope="col">IoU before</th><th scope="col">after</th><th scope="col">Gain</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function definitionTable(values: Readonly<Record<string, unknown>>): Markup {
  const rows = Object.entries(values).map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td class="value">${valueText(value)}</td></tr>`,
  );
  return html`<table class="values"><tbody>${rows}</tbody></table>`;
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  return value === null ? "as stored" : String(value);
}

function gainClass(gain: number | null): string {
  if (gain === null || gain === 0) return "";
  return gain > 0 ? "better" : "worse";
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const percentOrNone = (share: number | null): string => (share === null ? "–" : percent(share));
const signed = (difference: number): string =>
  `${difference < 0 ? "−" : "+"}${(100 * Math.abs(difference)).toFixed(1)}`;

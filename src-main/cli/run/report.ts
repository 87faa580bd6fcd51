// What a person reads of a run: a line for each image, then the table.
import type { ImageResult, RunResults, Scores } from "../../../src-shared/contract/results.ts";
import { scoredVerdict } from "../../../src-shared/verdict/verdict.ts";
import { scoredWords } from "../../../src-shared/verdict/verdict-words.ts";
import { countText, durationText, gainText, percentText } from "../terminal/format.ts";
import { tableLines } from "../terminal/table.ts";
import { sampleTable } from "./sample-table.ts";

/** One finished image; under it what was found, where there are no labels to show it or something went wrong. */
export function imageLines(image: ImageResult, position: string): string[] {
  const { after, verdict } = image;
  if (verdict === null || (after !== null && verdict.alarm.length === 0)) return [imageLine(image, position)];
  const { title, alarm, details } = verdict;
  const sentences = [`${title}.`, ...alarm, ...(after === null ? details : [])];
  return [imageLine(image, position), ...sentences.map((sentence) => `  ${sentence}`)];
}

function imageLine(image: ImageResult, position: string): string {
  const { width, height } = image.size;
  const parts = [`${position} ${image.path}`, `${width} x ${height}`];
  if (image.losses.length > 0) parts.push(`loss ${image.losses[0]?.toFixed(3)} → ${image.losses.at(-1)?.toFixed(3)}`);
  if (image.after !== null) parts.push(`mIoU ${improvementText(image.before, image.after)}`);
  if (image.overlapAgreement !== null) parts.push(`windows agree on ${percentText(image.overlapAgreement)} %`);
  parts.push(durationText(image.milliseconds.total));
  return parts.join("  ");
}

/** The end of a run: scores of all images, where the files are. */
export function summaryLines(results: RunResults, output: string): string[] {
  const { summary } = results;
  const finished = `${countText(summary.images, "image")} in ${durationText(summary.milliseconds)}, files in "${output}".`;
  const failed =
    summary.failed === 0 ? [] : [`${countText(summary.failed, "image")} failed:`, ...failureLines(results)];
  if (summary.after === null) return ["", finished, ...failed];
  return [
    "",
    ...(Object.keys(summary.domains).length > 0 ? sampleTable(results) : labelledTable(results)),
    finished,
    ...failed,
  ];
}

function labelledTable(results: RunResults): string[] {
  const { summary } = results;
  return [
    ...classTable(results),
    "",
    `IoU in percent, over all pixels of ${countText(summary.labelled, "labelled image")} together.`,
    ...verdictLines(results),
  ];
}

/** The outcome over all images, with alpha's share and the method's apart. */
function verdictLines({ command, classes, summary: { before, unadapted, after } }: RunResults): string[] {
  const verdict = scoredVerdict(before, unadapted, after);
  if (verdict === null) return [];
  const { title, details, note } = scoredWords(verdict, command, classes);
  return [`${title}. ${details.join(" ")}`, ...(note === null ? [] : [note])];
}

function failureLines({ failures }: RunResults): string[] {
  return failures.map(({ message }) => `  ${message.split("\n")[0]}`);
}

function improvementText(before: Scores | null, after: Scores): string {
  if (before === null) return percentText(after.miou);
  return `${percentText(before.miou)} → ${percentText(after.miou)} (${gainText(before.miou, after.miou)})`;
}

/** A row of scores: with or without a before. */
function scoreCells(before: number | null | undefined, after: number | null): string[] {
  return before === undefined
    ? [percentText(after)]
    : [percentText(before), percentText(after), gainText(before, after)];
}

function scoreTitles(results: RunResults): string[] {
  return results.summary.before === null ? ["IoU"] : ["before", "after", "gain"];
}

function classTable({ classes, summary, ...rest }: RunResults): string[] {
  const rows = classes.map((name, trainId) => [
    name,
    ...scoreCells(summary.before?.iou[trainId], summary.after?.iou[trainId] ?? null),
  ]);
  const mean = ["mean (mIoU)", ...scoreCells(summary.before?.miou, summary.after?.miou ?? null)];
  return tableLines(["class", ...scoreTitles({ classes, summary, ...rest })], [...rows, mean]);
}

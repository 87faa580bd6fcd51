// What a run over the built-in sample prints: each image and domain before and after, and a sentence that sums it up.
import { basename } from "node:path";
import type { RunResults, Scores, Summary } from "../../../src-shared/contract/results.ts";
import { countText, gainText, percentText } from "../terminal/format.ts";
import { tableLines } from "../terminal/table.ts";

interface Scored {
  readonly source: Scores | null;
  readonly before: Scores | null;
  readonly after: Scores | null;
}

/** What the method did, in the head of its column and in a sentence. */
const WORDS: Readonly<Record<RunResults["command"], { readonly column: string; readonly subject: string }>> = {
  adapt: { column: "adapted", subject: "Adapting to each image" },
  tta: { column: "averaged", subject: "Averaging the views" },
  predict: { column: "predicted", subject: "" },
};

export function sampleTable({ command, images, summary }: RunResults): string[] {
  const hasSource = summary.source !== null;
  const hasBefore = summary.before !== null;
  const cells = ({ source, before, after }: Scored): string[] => [
    ...(hasSource ? [percentText(source?.miou ?? null)] : []),
    ...(hasBefore ? [percentText(before?.miou ?? null)] : []),
    percentText(after?.miou ?? null),
    ...(hasBefore ? [gainText(before?.miou ?? null, after?.miou ?? null)] : []),
  ];
  const domains = Object.entries(summary.domains);
  const rows = domains.flatMap(([domain, pooled]) => [
    [domain, ...cells(pooled)],
    ...images.filter((image) => image.domain === domain).map((image) => [`  ${basename(image.path)}`, ...cells(image)]),
  ]);
  const titles = [
    ...(hasSource ? ["alpha 0"] : []),
    ...(hasBefore ? ["as stored"] : []),
    WORDS[command].column,
    ...(hasBefore ? ["gain"] : []),
  ];
  const all = domains.length < 2 ? [] : [["all together", ...cells(summary)]];
  return [
    ...tableLines(["mean IoU in percent", ...titles], [...rows, ...all]),
    "",
    ...sentences(command, images, summary),
  ];
}

function sentences(command: RunResults["command"], images: RunResults["images"], summary: Summary): string[] {
  const { source, before, after } = summary;
  if (before === null || after === null || before.miou === null || after.miou === null) return [];
  const gains = images.map((image) => points(image.before?.miou ?? null, image.after?.miou ?? null));
  const better = gains.filter((gain) => gain > 0).length;
  const worse = gains.filter((gain) => gain < 0).length;
  const sum = `${percentText(before.miou)} → ${percentText(after.miou)} %`;
  const counts = `${better} of ${countText(images.length, "image")} better, ${worse} worse`;
  const lines = [
    `${WORDS[command].subject} ${change(before.miou, after.miou)} against the checkpoint as it is stored (${sum}): ${counts}.`,
  ];
  if (source?.miou != null) {
    const stored = change(source.miou, after.miou);
    lines.push(`Against plain inference with the statistics of the training images (alpha 0) it ${stored}.`);
  }
  return [...lines, "A domain's figure is over all pixels of its images together; results.json has each class."];
}

/** As it is shown, so that a sentence never contradicts the table. */
function points(before: number | null, after: number | null): number {
  return before === null || after === null ? 0 : Math.round((after - before) * 1000) / 10;
}

function change(before: number, after: number): string {
  const gain = points(before, after);
  if (gain === 0) return "changes nothing in mean IoU";
  return `${gain > 0 ? "gains" : "loses"} ${Math.abs(gain).toFixed(1)} points of mean IoU`;
}

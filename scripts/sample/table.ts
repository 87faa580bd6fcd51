// The table of what the methods bring: means and deviations over the seeds, as Markdown between two markers of a text.
import { SAMPLE_DOMAINS } from "../../src-main/engine/sample/render-sample-scene.ts";
import type { DomainScores, MethodScores } from "./evaluate-methods.ts";
import { TARGETS } from "./plan.ts";

/** A row for each method: every domain, and the mean of the targets; mean ± sample standard deviation over the seeds. */
export function scoresTable(rows: readonly Pick<MethodScores, "title" | "scores">[]): string {
  const head = ["mean IoU in %", ...SAMPLE_DOMAINS, `mean of ${TARGETS.join(", ")}`];
  const lines = rows.map(({ title, scores }) => {
    const cells = [...SAMPLE_DOMAINS.map((domain) => scores[domain]), targetMeans(scores)];
    return [title, ...cells.map(meanAndDeviation)];
  });
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Of each seed, the mean over the targets. */
export function targetMeans(scores: DomainScores): readonly number[] {
  const seeds = scores[TARGETS[0]].map((_, seed) => seed);
  return seeds.map((seed) => meanOf(TARGETS.map((domain) => scores[domain][seed] ?? Number.NaN)));
}

/** "41.2 ± 0.6"; of a single seed "41.2". */
export function meanAndDeviation(values: readonly number[]): string {
  const mean = meanOf(values);
  if (values.length < 2) return mean.toFixed(1);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${mean.toFixed(1)} ± ${Math.sqrt(squares / (values.length - 1)).toFixed(1)}`;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The text with other content between `<!-- NAME -->` and `<!-- /NAME -->`.
 *
 * @throws Error when the markers are not there
 */
export function betweenMarkers(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`There is no "${begin}" with a "${end}" behind it.`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

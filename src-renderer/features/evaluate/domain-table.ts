// Evaluations of the same images by domain: which stand together in the table, and the table as text to paste.
import type { EvaluationSummary } from "../../../src-shared/contract/evaluation.ts";
import type { Evaluation } from "../../../src-shared/contract/workbench/evaluations.ts";

export interface DomainRow {
  readonly name: string;
  /** Mean IoU by domain, in the order of the columns; null where it is not known. */
  readonly miou: readonly (number | null)[];
  /** Over all images together. */
  readonly all: number | null;
}

export interface DomainTableContent {
  readonly domains: readonly string[];
  readonly rows: readonly DomainRow[];
}

/** More rows than one compares. */
const MAX_ROWS = 12;

/** The shown evaluation and the others of the same images and checkpoint, as they were started; the newest stay. */
export function tableMembers(list: readonly Evaluation[], shown: Evaluation): readonly Evaluation[] {
  return list
    .filter(
      (other) =>
        other.id === shown.id ||
        (other.datasetId === shown.datasetId &&
          other.split === shown.split &&
          other.checkpointId === shown.checkpointId &&
          other.done > 0),
    )
    .toSorted((a, b) => Number(b.id === shown.id) - Number(a.id === shown.id) || b.createdAt - a.createdAt)
    .slice(0, MAX_ROWS)
    .toSorted((a, b) => a.createdAt - b.createdAt);
}

/** Null where fewer than two domains are told apart: then the table says nothing that the figures don't. */
export function domainTable(
  members: readonly { readonly name: string; readonly summary: EvaluationSummary }[],
): DomainTableContent | null {
  const domains = [...new Set(members.flatMap(({ summary }) => summary.domains.map(({ name }) => name)))].sort();
  if (domains.length < 2) return null;
  const rows = members.map(({ name, summary }) => ({
    name,
    miou: domains.map((domain) => summary.domains.find((own) => own.name === domain)?.miou ?? null),
    all: summary.pooled?.miou ?? null,
  }));
  return { domains, rows };
}

/** In percent with one decimal: the head of the table says so. */
export function cellText(miou: number | null | undefined): string {
  return miou == null ? "–" : (100 * miou).toFixed(1);
}

/** The table in Markdown. */
export function markdownTable({ domains, rows }: DomainTableContent): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    line(["mean IoU in %", ...domains, "all together"]),
    `| --- |${" ---: |".repeat(domains.length + 1)}`,
    ...rows.map(({ name, miou, all }) => line([name, ...miou.map(cellText), cellText(all)])),
    "",
  ].join("\n");
}

// The plan of an export in numbers, and what its button says.
import type { ExportPlan } from "../../../src-shared/contract/workbench/exports.ts";
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";

export interface PlanSummary {
  readonly files: number;
  readonly replaced: number;
}

export function planSummary({ files }: Pick<ExportPlan, "files">): PlanSummary {
  return { files: files.length, replaced: files.filter(({ exists }) => exists).length };
}

/** Files that stand for the others when there are many: those that would be replaced are never left out for others. */
export function shownFiles(files: ExportPlan["files"], limit: number): ExportPlan["files"] {
  if (files.length <= limit) return files;
  return files.toSorted((a, b) => Number(b.exists) - Number(a.exists)).slice(0, limit);
}

/** Iterations that every one of the runs has kept, rising. */
export function commonIterations(runs: readonly Pick<Run, "kept">[]): readonly number[] {
  const [first, ...others] = runs;
  if (first === undefined) return [];
  const inOthers = others.map(({ kept }) => new Set(kept.map(({ iteration }) => iteration)));
  return first.kept
    .map(({ iteration }) => iteration)
    .filter((iteration) => inOthers.every((set) => set.has(iteration)));
}

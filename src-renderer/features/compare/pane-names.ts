// What panes are called: only what tells them apart, the parameters before the checkpoint, since names are cut at their end.
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { METHOD_TITLES, runTitle } from "../../state/run-words.ts";

type Named = Pick<RunSummary, "method" | "config" | "checkpoint">;

const PARTS: readonly ((run: Named) => string | null)[] = [
  ({ method }) => METHOD_TITLES[method],
  ({ config }) => (config.method === "adapt" ? `lr ${config.baseLr}` : null),
  ({ config }) => (config.method === "adapt" ? `${config.numEpochs} iter.` : null),
  ({ config }) => (config.method === "adapt" ? `threshold ${config.threshold}` : null),
  ({ config }) => (config.method === "predict" ? null : `scales ${config.scales.join(", ")}`),
  ({ config }) => (config.alpha === null ? "own alpha" : `alpha ${config.alpha}`),
  ({ checkpoint }) => checkpoint.name,
];

/** @param runs  what the panes show; null where there is nothing. @returns a name for each */
export function paneNames(runs: readonly (Named | null)[]): readonly string[] {
  const known = runs.filter((run) => run !== null);
  const telling = PARTS.filter((part) => new Set(known.map(part)).size > 1);
  return runs.map((run) => {
    if (run === null) return "No result";
    const parts = telling.flatMap((part) => part(run) ?? []);
    return parts.length === 0 ? runTitle(run) : parts.join(" · ");
  });
}

// The command line that gives the same result as a run: every parameter is written out, so that no default can change it.
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import type { DatasetEncoding } from "../../../src-shared/labels/dataset-tables.ts";
import { flagsOf, machineWords, PUBLISHED_RECIPE, parametersOf, shellLine } from "./command-words.ts";

export interface CommandFiles {
  readonly image: string;
  readonly checkpoint: string;
  readonly labels: { readonly path: string; readonly encoding: DatasetEncoding } | null;
}

export function commandLine(run: Run, files: CommandFiles, platform: NodeJS.Platform = process.platform): string {
  const words = ["acclimate", run.method, files.image, "--checkpoint", files.checkpoint];
  if (files.labels !== null) {
    words.push("--labels", files.labels.path, "--label-encoding", files.labels.encoding);
  }
  if (run.config.alpha !== null) words.push("--alpha", String(run.config.alpha));
  if (run.method === "adapt") words.push(...PUBLISHED_RECIPE);
  words.push(...flagsOf(parametersOf(run.config)), ...machineWords(run.machine, run.provenance));
  return shellLine(words, platform);
}

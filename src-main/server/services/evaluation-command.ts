// The command line that gives the same figures as an evaluation: every parameter is written out.
import type { Evaluation } from "../../../src-shared/contract/workbench/evaluations.ts";
import { flagsOf, machineWords, PUBLISHED_RECIPE, parametersOf, type RanOn, shellLine } from "./command-words.ts";

export interface EvaluationCommandFiles {
  /** The data set's folder. */
  readonly dataset: string;
  readonly layout: string;
  readonly checkpoint: string;
}

export function evaluationCommand(
  { id, split, config, machine }: Evaluation,
  { dataset, layout, checkpoint }: EvaluationCommandFiles,
  ranOn: RanOn | null,
  platform: NodeJS.Platform = process.platform,
): string {
  const { method, alpha } = config;
  const data = flagsOf({ layout, split, checkpoint, method, alpha });
  const recipe = method === "adapt" ? PUBLISHED_RECIPE : [];
  const words = ["acclimate", "evaluate", dataset, ...data, ...recipe, ...flagsOf(parametersOf(config))];
  // A folder of its own: in another one's the program would refuse, or take its records for these.
  const output = ["--save-predictions", "--output", `acclimate-evaluation-${id.slice(0, 8)}`];
  return shellLine([...words, ...machineWords(machine, ranOn), ...output], platform);
}

// An evaluation for every combination of learning rates, iterations and thresholds, on a data set with labels.
import { basename, join, resolve } from "node:path";
import type { DatasetLayout } from "../../../src-shared/contract/dataset.ts";
import { CancelledError } from "../../../src-shared/contract/errors.ts";
import {
  type AdaptationEvaluation,
  byScore,
  combinationsOf,
  recommendationFrom,
  type TunedCombination,
  type TuningGrid,
  tuningCsv,
  tuningPage,
} from "../../engine/evaluation/tuning.ts";
import { storeRecommended } from "../../engine/models/store-recommended.ts";
import type { ReadModel } from "../../engine/process/open-model.ts";
import { writeFilesTogether } from "../../files/write-file-atomically.ts";
import type { CliContext } from "../context.ts";
import { percentText } from "../terminal/format.ts";
import { tableLines } from "../terminal/table.ts";
import { MethodEvaluations } from "./evaluate-methods.ts";
import { jsonText } from "./json-text.ts";
import type { SearchOutput } from "./tune-search.ts";

export interface CombinationsWork {
  readonly read: ReadModel;
  /** Absolute path of its folder. */
  readonly dataset: string;
  readonly layout: DatasetLayout | null;
  readonly split: string | null;
  /** What all combinations have in common. */
  readonly config: AdaptationEvaluation;
  readonly grid: TuningGrid;
}

/** @throws those of `runEvaluation`; AppError `output.*` */
export async function tuneByCombinations(
  work: CombinationsWork,
  flags: SearchOutput,
  context: CliContext,
): Promise<void> {
  const { read, dataset, split, config } = work;
  const tuned = await evaluated(work, flags, context);
  await report(dataset, resolve(flags.output), tuned, flags.json, context);
  if (flags.storeIn === undefined) return;
  const recommended = recommendationFrom(tuned, basename(dataset), split);
  await storeRecommended(read.summary.path, flags.storeIn, recommended, config.alpha, read.summary.weights);
  if (!flags.json) context.terminal.print(`The best is recommended by "${flags.storeIn}".`);
}

async function evaluated(
  { read, dataset, layout, split, config, grid }: CombinationsWork,
  flags: SearchOutput,
  context: CliContext,
): Promise<TunedCombination[]> {
  const combinations = combinationsOf(config, grid);
  const tuned: TunedCombination[] = [];
  const evaluations = await MethodEvaluations.open(read, flags, context);
  try {
    for (const [index, { name, config: one }] of combinations.entries()) {
      const request = {
        dataset,
        layout,
        split,
        config: one,
        shard: { index: 1, count: 1 },
        output: join(resolve(flags.output), name),
        contained: false,
        savePredictions: false,
      };
      const before = `${index + 1}/${combinations.length} ${name}  `;
      const { summary } = await evaluations.run(request, before, () => undefined);
      tuned.push({ name, config: one, summary });
    }
  } catch (error) {
    if (error instanceof CancelledError) {
      context.terminal.notice(`Stopped; the same command goes on from here. What is finished is in "${flags.output}".`);
    }
    throw error;
  } finally {
    await evaluations.dispose();
  }
  return tuned;
}

async function report(
  dataset: string,
  output: string,
  tuned: readonly TunedCombination[],
  json: boolean,
  { terminal }: CliContext,
): Promise<void> {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  await writeFilesTogether([
    { path: join(output, "tuning.csv"), content: text(tuningCsv(tuned)) },
    { path: join(output, "tuning.html"), content: text(tuningPage(`Tuning on ${dataset}`, tuned)) },
  ]);
  terminal.clearProgress();
  if (json) {
    terminal.print(jsonText(tuned.map(({ name, config, summary }) => ({ name, config, summary }))));
    return;
  }
  const rows = byScore(tuned).map(({ config, summary }) => [
    String(config.baseLr),
    String(config.numEpochs),
    String(config.threshold),
    percentText(summary.pooled?.miou ?? null),
    percentText(summary.calibration?.ece ?? null),
  ]);
  terminal.print(
    ...tableLines(["learning rate", "iterations", "threshold", "pooled mIoU", "ECE"], rows),
    "",
    `${tuned.length} combinations, table and plot in "${output}".`,
  );
}

// `acclimate tune`: which learning rate, iterations and threshold of self-adaptation suit a development split.
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { adaptationConfigSchema } from "../../../src-shared/contract/adaptation-config.ts";
import { evaluationConfigSchema } from "../../../src-shared/contract/evaluation.ts";
import { runEvaluation } from "../../engine/evaluation/run-evaluation.ts";
import {
  byScore,
  combinationsOf,
  type TunedCombination,
  tuningCsv,
  tuningPage,
} from "../../engine/evaluation/tuning.ts";
import { writeFilesTogether } from "../../engine/files/write-file-atomically.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import { openModel } from "../open-model.ts";
import { checkedFlags, numberFrom, numbersFrom } from "../options/flag-values.ts";
import { addMachineOptions, addViewOptions } from "../options/run-options.ts";
import { jsonText } from "../run/json-text.ts";
import { EvaluationProgress } from "../terminal/evaluation-progress.ts";
import { percentText } from "../terminal/format.ts";
import { tableLines } from "../terminal/table.ts";
import { addDataOptions, checkpointOf, datasetPath, evaluateFlagsSchema } from "./evaluate.ts";

const ABOUT = `Evaluates self-adaptation once for every combination of the given parameters, on images with labels that are
not the ones you will report on.

Each combination is an evaluation in a folder of its own. The same command, given again after it was stopped, goes on
from there. The table comes as text, CSV and a page with a plot.`;

const OUTPUT = "acclimate-tuning";

const gridSchema = z.object({
  baseLr: z.array(adaptationConfigSchema.shape.baseLr.unwrap()).default([0.01, 0.02, 0.05, 0.1]),
  numEpochs: z.array(adaptationConfigSchema.shape.numEpochs.unwrap()).default([10]),
  threshold: z.array(adaptationConfigSchema.shape.threshold.unwrap()).default([0.7]),
});

export function tuneCommand(program: Command, context: CliContext): void {
  const command = program
    .command("tune")
    .summary("find parameters on a development split")
    .description(paragraphs(ABOUT))
    .argument("[dataset]", "the folder of a data set with labels; its layout is recognised");
  addDataOptions(command);
  command
    .optionsGroup("Grid")
    .option("--base-lr <list>", "learning rates (default: 0.01 0.02 0.05 0.1)", numbersFrom("--base-lr"))
    .option("--num-epochs <list>", "iterations (default: 10)", numbersFrom("--num-epochs"))
    .option("--threshold <list>", "thresholds (default: 0.7)", numbersFrom("--threshold"));
  addViewOptions(command);
  command
    .optionsGroup("Adaptation, the same for all")
    .option("--momentum <m>", "of SGD (default: 0)", numberFrom("--momentum"))
    .option("--weight-decay <d>", "of SGD (default: 0)", numberFrom("--weight-decay"))
    .option("--resnet-layers <list>", "layers that stay as they are (default: 1 2)", numbersFrom("--resnet-layers"))
    .option("--hrnet-layers <list>", "the same of an HRNet (default: 1 2)", numbersFrom("--hrnet-layers"))
    .optionsGroup("Output")
    .option("--output <folder>", "where the evaluations and the table go", OUTPUT)
    .option("--json", "print one JSON document and nothing else");
  addMachineOptions(command);
  examples(command, [
    ["acclimate tune wilddash --checkpoint model.pth --base-lr 0.02,0.05,0.1 --num-epochs 5,10", ""],
    ["acclimate tune --sample --threshold 0.5,0.7,0.9", "the built-in images"],
  ]);
  command.action(async (dataset: string | undefined, values: Record<string, unknown>) => {
    const { baseLr, numEpochs, threshold, ...others } = values;
    const flags = checkedFlags(evaluateFlagsSchema, { ...others, output: values.output ?? OUTPUT });
    const grid = checkedFlags(gridSchema, { baseLr, numEpochs, threshold });
    const config = checkedFlags(evaluationConfigSchema, { ...others, method: "adapt", alpha: values.alpha ?? null });
    const path = datasetPath(dataset, flags);
    const { model, checkpoint } = await openModel(
      checkpointOf(flags),
      config.alpha === null ? flags : { ...flags, alpha: config.alpha },
    );
    const combinations = combinationsOf(config, grid);
    const tuned: TunedCombination[] = [];
    try {
      for (const [index, { name, config: one }] of combinations.entries()) {
        const progress = new EvaluationProgress(() => performance.now());
        const { summary } = await runEvaluation(
          {
            dataset: path,
            layout: flags.layout ?? null,
            split: flags.split ?? null,
            config: one,
            shard: { index: 1, count: 1 },
            output: join(resolve(flags.output), name),
            contained: false,
            savePredictions: false,
          },
          { model, checkpoint },
          {
            version: context.version,
            signal: context.signal,
            onEvent: (event) => {
              const notice = progress.hear(event);
              if (notice !== "") context.terminal.notice(notice);
              context.terminal.progress(`${index + 1}/${combinations.length} ${name}  ${progress.line}`);
            },
          },
        );
        tuned.push({ name, config: one, summary });
      }
    } finally {
      await model.dispose();
      await model.runtime.dispose();
    }
    await report(path, resolve(flags.output), tuned, flags.json, context);
  });
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

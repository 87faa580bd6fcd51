// `acclimate tune`: which learning rate, iterations and threshold of self-adaptation suit a development split.
import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { adaptationConfigSchema } from "../../../src-shared/contract/adaptation-config.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { evaluationConfigSchema } from "../../../src-shared/contract/evaluation.ts";
import { storeRecommended } from "../../engine/checkpoints/store-recommended.ts";
import {
  byScore,
  combinationsOf,
  recommendationFrom,
  type TunedCombination,
  tuningCsv,
  tuningPage,
} from "../../engine/evaluation/tuning.ts";
import { writeFilesTogether } from "../../engine/files/write-file-atomically.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import { readCheckedModel } from "../open-model.ts";
import { checkedFlags, numberFrom, numbersFrom } from "../options/flag-values.ts";
import { addRecipeOption, givenParameters, parametersFor, recipeLine } from "../options/recipe.ts";
import { addMachineOptions, addViewOptions } from "../options/run-options.ts";
import { MethodEvaluations } from "../run/evaluate-methods.ts";
import { jsonText } from "../run/json-text.ts";
import { percentText } from "../terminal/format.ts";
import { tableLines } from "../terminal/table.ts";
import { addDataOptions, checkpointOf, datasetPath, evaluateFlagsSchema } from "./evaluate.ts";

const ABOUT = `Evaluates self-adaptation once for every combination of the given parameters, on images with labels that are
not the ones you will report on.

Each combination is an evaluation in a folder of its own. The same command, given again after it was stopped, goes on
from there. The table comes as text, CSV and a page with a plot.`;

const OUTPUT = "acclimate-tuning";

const gridSchema = z.object({
  baseLr: z.array(adaptationConfigSchema.shape.baseLr.unwrap()).optional(),
  numEpochs: z.array(adaptationConfigSchema.shape.numEpochs.unwrap()).optional(),
  threshold: z.array(adaptationConfigSchema.shape.threshold.unwrap()).optional(),
});
const storeInSchema = z.object({
  storeIn: z.string().endsWith(".safetensors", "name a file that ends in .safetensors").optional(),
});

/** Tried learning rates by the recipe's: 0.01, 0.02, 0.05 and 0.1 around the published 0.05. */
const RATES = [0.2, 0.4, 1, 2];

function ratesAround(baseLr: number): number[] {
  return [...new Set(RATES.map((rate) => Number((rate * baseLr).toPrecision(6))))];
}

export function tuneCommand(program: Command, context: CliContext): void {
  const command = program
    .command("tune")
    .summary("find parameters on a development split")
    .description(paragraphs(ABOUT))
    .argument("[dataset]", "the folder of a data set with labels; its layout is recognised");
  addDataOptions(command);
  command
    .optionsGroup("Grid")
    .option(
      "--base-lr <list>",
      "learning rates (default: 0.2, 0.4, 1 and 2 times the recipe's)",
      numbersFrom("--base-lr"),
    )
    .option("--num-epochs <list>", "iterations (default: the recipe's)", numbersFrom("--num-epochs"))
    .option("--threshold <list>", "thresholds (default: the recipe's)", numbersFrom("--threshold"));
  addViewOptions(command);
  addRecipeOption(command.optionsGroup("Adaptation, the same for all"))
    .option("--momentum <m>", "of SGD (default: 0)", numberFrom("--momentum"))
    .option("--weight-decay <d>", "of SGD (default: 0)", numberFrom("--weight-decay"))
    .option("--resnet-layers <list>", "layers that stay as they are (default: 1 2)", numbersFrom("--resnet-layers"))
    .option("--hrnet-layers <list>", "the same of an HRNet (default: 1 2)", numbersFrom("--hrnet-layers"))
    .optionsGroup("Output")
    .option("--output <folder>", "where the evaluations and the table go", OUTPUT)
    .option("--store-in <file>", "a copy of the checkpoint, as .safetensors, that recommends the best combination")
    .option("--json", "print one JSON document and nothing else");
  addMachineOptions(command);
  examples(command, [
    ["acclimate tune wilddash --checkpoint model.pth --base-lr 0.02,0.05,0.1 --num-epochs 5,10", ""],
    ["acclimate tune --sample --threshold 0.5,0.7,0.9", "the built-in images"],
  ]);
  command.action(async (dataset: string | undefined, values: Record<string, unknown>) => {
    const { baseLr, numEpochs, threshold, ...others } = values;
    const flags = checkedFlags(evaluateFlagsSchema, { ...others, output: values.output ?? OUTPUT });
    const asked = checkedFlags(gridSchema, { baseLr, numEpochs, threshold });
    const { storeIn } = checkedFlags(storeInSchema, values);
    const given = givenParameters(others);
    const path = datasetPath(dataset, flags);
    const checkpoint = checkpointOf(flags);
    if (storeIn !== undefined && resolve(storeIn) === resolve(checkpoint)) {
      throw new AppError("input.option", `--store-in: "${storeIn}" is the checkpoint itself; name another file.`);
    }
    const read = await readCheckedModel(checkpoint, flags);
    const { parameters, recipe } = parametersFor(flags.recipe, given, read);
    if (!flags.json) context.terminal.notice(recipeLine(recipe));
    const grid = {
      baseLr: asked.baseLr ?? ratesAround(parameters.baseLr),
      numEpochs: asked.numEpochs ?? [parameters.numEpochs],
      threshold: asked.threshold ?? [parameters.threshold],
    };
    const alpha = values.alpha ?? null;
    const config = checkedFlags(evaluationConfigSchema, { ...parameters, method: "adapt", alpha });
    const combinations = combinationsOf(config, grid);
    const tuned: TunedCombination[] = [];
    const evaluations = await MethodEvaluations.open(read, flags, context);
    try {
      for (const [index, { name, config: one }] of combinations.entries()) {
        const request = {
          dataset: path,
          layout: flags.layout ?? null,
          split: flags.split ?? null,
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
    } finally {
      await evaluations.dispose();
    }
    await report(path, resolve(flags.output), tuned, flags.json, context);
    if (storeIn === undefined) return;
    const recommended = recommendationFrom(tuned, basename(path), flags.split ?? null);
    await storeRecommended(checkpoint, storeIn, recommended, config.alpha);
    if (!flags.json) context.terminal.print(`The best is recommended by "${storeIn}".`);
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

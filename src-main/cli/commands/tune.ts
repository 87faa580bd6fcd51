// `acclimate tune`: which parameters of self-adaptation suit an image, a folder of images or a data set.
import { resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { frozenLayersOf } from "../../../src-shared/contract/parameters.ts";
import { IMAGES_OF_DOMAIN } from "../../../src-shared/contract/tuning.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import { chosenInputs, tuningInputs } from "../inputs/tuning-inputs.ts";
import { readCheckedModel } from "../open-model.ts";
import { checkedFlags } from "../options/flag-values.ts";
import { givenParameters, parametersFor, recipeLine } from "../options/recipe.ts";
import { addMachineOptions } from "../options/run-options.ts";
import {
  addTuningOptions,
  asksForSearch,
  firstValues,
  searchFlags,
  type TriedValues,
  triedValues,
  tuningPlan,
} from "../options/tuning-options.ts";
import { tuneByCombinations } from "../run/tune-combinations.ts";
import { tuneBySearch } from "../run/tune-search.ts";
import { countText } from "../terminal/format.ts";
import { addDataOptions, checkpointOf, evaluateFlagsSchema } from "./evaluate.ts";

const ABOUT = `Finds parameters of self-adaptation on images that are not the ones you will report on.

Auto-tune tries alpha, learning rate, frozen layers, threshold and scales, one after the other, and ranks the settings by
a criterion: the labels where there are any, else one that needs none (docs/tuning.md). It is what happens with images,
with folders and with data sets without labels, and with a labelled data set when one of its options is given.

A data set with labels and none of them: an evaluation for every combination of learning rates, iterations and
thresholds, each in a folder of its own; the table comes as text, CSV and a page with a plot.

The same command, given again after it was stopped, goes on from there.`;

const OUTPUT = "acclimate-tuning";

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
    .summary("find parameters for an image, a folder or a data set")
    .description(paragraphs(ABOUT))
    .argument("[inputs...]", "image files, folders, or the folder of a data set; its layout is recognised");
  addDataOptions(command);
  addTuningOptions(command)
    .optionsGroup("Output")
    .option("--output <folder>", "where what was tried and the ranking go", OUTPUT)
    .option("--store-in <file>", "a copy of the checkpoint, as .safetensors, that recommends the best setting")
    .option("--json", "print one JSON document and nothing else");
  addMachineOptions(command);
  examples(command, [
    ["acclimate tune night.jpg --checkpoint model.pth", "without labels"],
    ["acclimate tune night/ --checkpoint model.pth --criterion nuclear-norm --store-in night.safetensors", ""],
    ["acclimate tune acdc --split val --checkpoint model.pth --criterion miou --max-images 20", "by the labels"],
    ["acclimate tune wilddash --checkpoint model.pth --base-lr 0.02,0.05,0.1 --num-epochs 5,10", "every combination"],
  ]);
  command.action((paths: string[], values: Record<string, unknown>) => run(paths, values, context));
}

async function run(paths: readonly string[], values: Record<string, unknown>, context: CliContext): Promise<void> {
  const tried = triedValues(values);
  const search = searchFlags(values);
  const singles = firstValues(values, tried);
  const flags = checkedFlags(evaluateFlagsSchema, { ...singles, output: values.output ?? OUTPUT });
  const { storeIn } = checkedFlags(storeInSchema, values);
  const checkpoint = checkpointOf(flags);
  if (storeIn !== undefined && resolve(storeIn) === resolve(checkpoint)) {
    throw new AppError("input.option", `--store-in: "${storeIn}" is the checkpoint itself; name another file.`);
  }
  const notice = flags.json ? () => undefined : (line: string) => context.terminal.notice(line);
  const labelEncoding = search.labelEncoding ?? "trainIds";
  const inputFlags = { ...flags, labels: search.labels, labelEncoding };
  const { inputs, dataset } = await tuningInputs(paths, inputFlags, { say: notice, signal: context.signal });
  const chosen = chosenInputs(inputs, search.only, search.maxImages ?? IMAGES_OF_DOMAIN);
  const read = await readCheckedModel(checkpoint, flags, context.terminal);
  const output = { ...flags, storeIn };

  const hasLabels = inputs.some(({ labelPath }) => labelPath !== null);
  if (dataset !== null && hasLabels && !asksForSearch(search, tried)) {
    const { parameters, recipe } = parametersFor(flags.recipe, givenParameters(commonValues(singles)), read);
    notice(recipeLine(recipe));
    const config = { ...parameters, method: "adapt", alpha: tried.alpha?.[0] ?? null } as const;
    const grid = gridOf(tried, parameters);
    const { layout = null, split = null } = flags;
    await tuneByCombinations({ read, dataset, layout, split, config, grid }, output, context);
    return;
  }
  const isLabelled = chosen.some(({ labelPath }) => labelPath !== null);
  if (search.criterion === "miou" && !isLabelled) {
    throw new AppError(
      "input.option",
      "--criterion: miou needs labels, and none of the images has any; choose another.",
    );
  }
  const { parameters, recipe } = parametersFor(flags.recipe, givenParameters(singles), read);
  notice(recipeLine(recipe));
  if (chosen.length < inputs.length) {
    notice(`On ${chosen.length} of ${countText(inputs.length, "image")}; --max-images and --only choose others.`);
  }
  const layers = frozenLayersOf(read.summary.backbone);
  const plan = tuningPlan({ tried, flags: search, parameters, layers, images: chosen.length, isLabelled });
  const named = dataset ?? paths[0] ?? flags.output;
  await tuneBySearch({ read, inputs: chosen, plan, named }, output, context);
}

/** Without what differs between the combinations. */
function commonValues({ baseLr: _, numEpochs: __, threshold: ___, ...common }: Readonly<Record<string, unknown>>) {
  return common;
}

function gridOf(tried: TriedValues, recipe: { baseLr: number; numEpochs: number; threshold: number }) {
  return {
    baseLr: tried.baseLr ?? ratesAround(recipe.baseLr),
    numEpochs: tried.numEpochs ?? [recipe.numEpochs],
    threshold: tried.threshold ?? [recipe.threshold],
  };
}

// `acclimate evaluate`: a method over a whole data set, with figures that say what they are.
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { z } from "zod";
import { comparedMethods } from "../../../src-shared/contract/compared-methods.ts";
import { DATASET_LAYOUTS } from "../../../src-shared/contract/dataset.ts";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import {
  type EvaluationEvent,
  type EvaluationParameters,
  type EvaluationSummary,
  evaluationConfigSchema,
  evaluationParametersSchema,
} from "../../../src-shared/contract/evaluation.ts";
import { dropoutConfigSchema, IMAGE_METHODS } from "../../../src-shared/contract/image-methods.ts";
import { type RecipeUse, recommendedIn } from "../../../src-shared/contract/recommended-parameters.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import { readHeader } from "../../engine/evaluation/evaluation-folder.ts";
import { mergeEvaluations } from "../../engine/evaluation/merge-evaluations.ts";
import type { EvaluationRequest, EvaluationResult } from "../../engine/evaluation/run-evaluation.ts";
import { parseShard } from "../../engine/evaluation/shard.ts";
import { checkMethod } from "../../engine/methods/image-methods.ts";
import type { ReadModel } from "../../engine/process/open-model.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { examples, paragraphs } from "../help.ts";
import { sampleCheckpoint, sampleFolder } from "../inputs/sample-inputs.ts";
import { readCheckedModel } from "../open-model.ts";
import { checkedFlags, numberFrom } from "../options/flag-values.ts";
import { addParameterOptions } from "../options/parameter-options.ts";
import { givenParameters, parametersFor, recipeLine } from "../options/recipe.ts";
import {
  addAdaptationOptions,
  addMachineOptions,
  addViewOptions,
  labelSetOption,
  runFlagsSchema,
  weightsOption,
} from "../options/run-options.ts";
import { addFitOption, checkedWindow } from "../options/window-options.ts";
import { MethodEvaluations } from "../run/evaluate-methods.ts";
import { comparisonText, type EvaluatedMethod, summaryText } from "../run/evaluation-report.ts";
import { runInWorkers } from "../run/evaluation-workers.ts";
import { jsonText } from "../run/json-text.ts";
import { EvaluationProgress } from "../terminal/evaluation-progress.ts";

const ABOUT = `Predicts every image of a data set by one method and scores the results against the labels.

What is known of each image is written as soon as it is done. The same command, given again after it was stopped or
killed, goes on from there and ends with the same figures. With --shard the work is divided among machines, and
\`acclimate evaluate merge\` joins the parts; with --workers it is divided among processes of this one.`;

export const evaluateFlagsSchema = runFlagsSchema
  .pick({
    checkpoint: true,
    recipe: true,
    weights: true,
    labelSet: true,
    numClasses: true,
    runtime: true,
    provider: true,
    threads: true,
    force: true,
    json: true,
  })
  .extend({
    sample: z.boolean().default(false),
    compare: z.boolean().default(false),
    layout: z.enum(DATASET_LAYOUTS).optional(),
    split: z.string().min(1, "name a split").optional(),
    shard: z.string().default("1/1"),
    workers: z.int("workers are whole").min(1, "there is at least 1 worker").max(256).default(1),
    savePredictions: z.boolean().default(false),
    output: z.string().min(1, "name a folder").default("acclimate-evaluation"),
  });
export type EvaluateFlags = z.infer<typeof evaluateFlagsSchema>;

export function evaluateCommand(program: Command, context: CliContext): void {
  const command = program
    .command("evaluate")
    .summary("score a method over a whole data set")
    .description(paragraphs(ABOUT))
    .argument("[dataset]", "the folder of a data set; its layout is recognised");
  addDataOptions(command).option("--alpha <a>", "share of the image's own statistics, 0 to 1", numberFrom("--alpha"));
  command
    .optionsGroup("Method")
    .addOption(new Option("--method <name>", "how images are predicted").choices(IMAGE_METHODS).default("adapt"))
    .option("--compare", "all methods and recipes, each in a folder of its own, and a table of them by domain");
  addParameterOptions(command, dropoutConfigSchema, ["passes"]);
  addViewOptions(command);
  addAdaptationOptions(command);
  addFitOption(command);
  command
    .optionsGroup("Work")
    .option("--shard <i/n>", "only the i-th of n parts", "1/1")
    .option("--workers <n>", "processes at the same time, where memory allows", numberFrom("--workers"))
    .optionsGroup("Output")
    .option("--output <folder>", "where records and figures go", "acclimate-evaluation")
    .option("--save-predictions", "also write the predicted train ids of each image as PNG")
    .option("--json", "print one JSON document and nothing else");
  addMachineOptions(command);
  examples(command, [
    ["acclimate evaluate --sample --method predict --output before", "the built-in images as they are"],
    ["acclimate evaluate --sample --compare", "what each method brings, domain by domain"],
    ["acclimate evaluate cityscapes --split val --checkpoint model.pth --method tta --output tta", ""],
    ["acclimate evaluate acdc --split val --checkpoint model.pth --shard 1/4 --output part-1", "a quarter of the work"],
    ["acclimate evaluate merge part-1 part-2 part-3 part-4 --output whole", ""],
  ]);
  command.action(async (dataset: string | undefined, values: Record<string, unknown>) => {
    const flags = checkedFlags(evaluateFlagsSchema, values);
    checkedWindow(values);
    const given = { ...givenParameters(values), ...givenOthers(values) };
    const request = {
      dataset: datasetPath(dataset, flags),
      layout: flags.layout ?? null,
      split: flags.split ?? null,
      shard: parseShard(flags.shard),
      contained: false,
      savePredictions: flags.savePredictions,
    };
    const read = await readCheckedModel(checkpointOf(flags), flags, context.terminal);
    if (flags.compare) await compareMethods(request, given, read, flags, context);
    else await evaluateOne(request, given, read, flags, context);
  });
  mergeCommand(command, context);
}

/** Which images, and which model. */
export function addDataOptions(command: Command): Command {
  return command
    .optionsGroup("Data")
    .option("--sample", "the built-in street images of all domains, and their checkpoint")
    .addOption(new Option("--layout <name>", "in place of the recognised one").choices(DATASET_LAYOUTS))
    .option("--split <name>", "only this split, such as val (default: all images)")
    .optionsGroup("Model")
    .option("--checkpoint <file>", "a .pth, .safetensors or .onnx file; architecture and classes are read from it")
    .addOption(weightsOption())
    .addOption(labelSetOption())
    .option("--num-classes <n>", "refuse a checkpoint with another number of classes", numberFrom("--num-classes"));
}

function mergeCommand(evaluate: Command, { terminal }: CliContext): void {
  evaluate
    .command("merge")
    .summary("join the parts of a divided evaluation")
    .description("Joins the folders of all shards into one: bit for bit what an undivided evaluation gives.")
    .argument("<folders...>", "the folders of the parts, in any order")
    .requiredOption("--output <folder>", "where the whole goes")
    .option("--json", "print one JSON document and nothing else")
    .action(async (folders: string[], { output, json = false }: { output: string; json?: boolean }) => {
      const summary = await mergeEvaluations(folders, resolve(output));
      const { checkpoint } = await readHeader(resolve(output));
      show(summary, labelSetOf(checkpoint).names, null, { output, json }, terminal);
    });
}

/** Everything but the method and where its results go. */
type Work = Omit<EvaluationRequest, "config" | "output">;

/** Parameters of methods other than self-adaptation, as far as they were given. */
function givenOthers(values: Readonly<Record<string, unknown>>): Partial<EvaluationParameters> {
  const { method, passes, alpha, fit } = checkedFlags(evaluationParametersSchema, {
    ...values,
    alpha: values.alpha ?? null,
  });
  return { method, passes, alpha, fit };
}

async function evaluateOne(
  work: Work,
  given: Partial<EvaluationParameters>,
  read: ReadModel,
  flags: EvaluateFlags,
  context: CliContext,
): Promise<void> {
  const { method, passes: _passes, alpha: _alpha, fit: _fit, ...parameters } = given;
  const followed = method === "adapt" ? parametersFor(flags.recipe, parameters, read) : null;
  const config = evaluationConfigSchema.parse({ ...followed?.parameters, ...given });
  checkMethod(read.architecture, config);
  const request = { ...work, config, output: resolve(flags.output) };
  if (followed !== null && !flags.json) context.terminal.notice(recipeLine(followed.recipe));
  const summary =
    flags.workers === 1
      ? await evaluateHere(request, read, flags, context)
      : await evaluateInWorkers(request, flags, context);
  if (summary.failed > 0) context.setExitCode(EXIT.someFailed);
  show(summary, read.labelSet.names, followed?.recipe ?? null, flags, context.terminal);
}

async function evaluateHere(
  request: EvaluationRequest,
  read: ReadModel,
  flags: EvaluateFlags,
  context: CliContext,
): Promise<EvaluationSummary> {
  const evaluations = await MethodEvaluations.open(read, flags, context);
  try {
    const result = await evaluations.run(request, "", tellParent);
    sayHowItWent(result, context);
    return result.summary;
  } catch (error) {
    if (error instanceof CancelledError) sayItGoesOn(flags, context);
    throw error;
  } finally {
    await evaluations.dispose();
  }
}

function sayItGoesOn({ output }: EvaluateFlags, { terminal }: CliContext): void {
  terminal.notice(`Stopped; the same command goes on from here. What is finished is in "${output}".`);
}

/** Parameters that were given hold for every method that has them, but for the alpha of plain inference with alpha 0. */
async function compareMethods(
  work: Work,
  { method: _, alpha = null, ...given }: Partial<EvaluationParameters>,
  read: ReadModel,
  flags: EvaluateFlags,
  context: CliContext,
): Promise<void> {
  if (flags.workers > 1) {
    throw new AppError("input.option", "--compare: evaluates in one process; leave out --workers, or --compare.");
  }
  const { metadata, summary: checkpoint, labelSet } = read;
  const methods = comparedMethods(checkpoint.alpha, recommendedIn(metadata, checkpoint.path));
  const evaluations = await MethodEvaluations.open(read, flags, context);
  const compared: EvaluatedMethod[] = [];
  try {
    for (const [index, { config, ...method }] of methods.entries()) {
      const own = evaluationConfigSchema.parse({ ...config, ...given, alpha: config.alpha ?? alpha });
      const request = { ...work, config: own, output: join(resolve(flags.output), method.name) };
      const before = `${index + 1}/${methods.length} ${method.title}  `;
      const { summary, notices } = await evaluations.run(request, before, () => undefined);
      if (index === 0) context.terminal.notice(...notices); // of the data set: the same for all
      compared.push({ ...method, config: own, summary });
    }
  } catch (error) {
    if (error instanceof CancelledError) sayItGoesOn(flags, context);
    throw error;
  } finally {
    await evaluations.dispose();
  }
  if (compared.some(({ summary }) => summary.failed > 0)) context.setExitCode(EXIT.someFailed);
  if (flags.json) context.terminal.print(jsonText({ classes: labelSet.names, methods: compared }));
  else context.terminal.print(...comparisonText(compared, flags.output));
}

function sayHowItWent({ notices, resumed, times }: EvaluationResult, { terminal }: CliContext): void {
  terminal.notice(...notices);
  if (resumed > 0) terminal.notice(`${resumed} images were there from an earlier run.`);
  const total = times.idleMs + times.busyMs;
  if (total > 0) {
    const share = ((100 * times.idleMs) / total).toFixed(1);
    terminal.notice(`Between the images the engine waited ${share} % of its time.`);
  }
}

async function evaluateInWorkers(
  request: EvaluationRequest,
  flags: EvaluateFlags,
  context: CliContext,
): Promise<EvaluationSummary> {
  const { terminal } = context;
  if (request.shard.count > 1) {
    throw new AppError("input.option", "--workers: divides the images itself; leave out --shard, or --workers.");
  }
  const progress = new EvaluationProgress(() => performance.now());
  const parts = await runInWorkers(request, flags.workers, {
    signal: context.signal,
    onEvent: (event) => {
      const notice = progress.hear(event);
      if (notice !== "") terminal.notice(notice);
      terminal.progress(progress.line);
    },
    say: (line) => terminal.notice(line),
  });
  const summary = await mergeEvaluations(parts, request.output);
  terminal.clearProgress();
  return summary;
}

function show(
  summary: EvaluationSummary,
  classes: readonly string[],
  recipe: RecipeUse | null,
  { output, json }: Pick<EvaluateFlags, "output" | "json">,
  terminal: CliContext["terminal"],
): void {
  if (json) terminal.print(jsonText({ classes, recipe, ...summary }));
  else terminal.print(...summaryText(summary, classes, output));
}

/** A worker's events go to the process that started it. */
function tellParent(event: EvaluationEvent): void {
  process.send?.({ event, rssBytes: process.memoryUsage.rss() });
}

/** @throws AppError `input.option` */
export function datasetPath(dataset: string | undefined, { sample }: Pick<EvaluateFlags, "sample">): string {
  if (sample === (dataset !== undefined)) {
    throw new AppError("input.option", "Say what to evaluate on: either --sample or the folder of a data set.");
  }
  return dataset === undefined ? sampleFolder() : resolve(dataset);
}

/** @throws AppError `input.option` */
export function checkpointOf({ checkpoint, sample }: Pick<EvaluateFlags, "checkpoint" | "sample">): string {
  if (checkpoint !== undefined) return checkpoint;
  if (sample) return sampleCheckpoint();
  throw new AppError("input.option", "--checkpoint: name the .pth, .safetensors or .onnx file of the model.");
}

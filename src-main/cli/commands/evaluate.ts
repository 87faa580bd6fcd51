// `acclimate evaluate`: a method over a whole data set, with figures that say what they are.
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { z } from "zod";
import { DATASET_LAYOUTS } from "../../../src-shared/contract/dataset.ts";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import {
  EVALUATION_METHODS,
  type EvaluationEvent,
  type EvaluationSummary,
  evaluationConfigSchema,
} from "../../../src-shared/contract/evaluation.ts";
import { labelSetFor } from "../../../src-shared/labels/label-sets.ts";
import { readHeader } from "../../engine/evaluation/evaluation-folder.ts";
import { mergeEvaluations } from "../../engine/evaluation/merge-evaluations.ts";
import {
  type EvaluationRequest,
  type EvaluationResult,
  runEvaluation,
} from "../../engine/evaluation/run-evaluation.ts";
import { parseShard } from "../../engine/evaluation/shard.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { examples, paragraphs } from "../help.ts";
import { sampleCheckpoint, sampleFolder } from "../inputs/sample-inputs.ts";
import { openModel } from "../open-model.ts";
import { checkedFlags, numberFrom } from "../options/flag-values.ts";
import { addAdaptationOptions, addMachineOptions, addViewOptions, runFlagsSchema } from "../options/run-options.ts";
import { summaryText } from "../run/evaluation-report.ts";
import { runInWorkers } from "../run/evaluation-workers.ts";
import { jsonText } from "../run/json-text.ts";
import { EvaluationProgress } from "../terminal/evaluation-progress.ts";

const ABOUT = `Predicts every image of a data set by one method and scores the results against the labels.

What is known of each image is written as soon as it is done. The same command, given again after it was stopped or
killed, goes on from there and ends with the same figures. With --shard the work is divided among machines, and
\`acclimate evaluate merge\` joins the parts; with --workers it is divided among processes of this one.`;

export const evaluateFlagsSchema = runFlagsSchema
  .pick({ checkpoint: true, numClasses: true, runtime: true, provider: true, threads: true, json: true })
  .extend({
    sample: z.boolean().default(false),
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
  addDataOptions(command);
  command
    .optionsGroup("Method")
    .addOption(new Option("--method <name>", "how images are predicted").choices(EVALUATION_METHODS).default("adapt"))
    .option("--passes <n>", "of mc-dropout (default: 10)", numberFrom("--passes"));
  addViewOptions(command);
  addAdaptationOptions(command);
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
    ["acclimate evaluate cityscapes --split val --checkpoint model.pth --method tta --output tta", ""],
    ["acclimate evaluate acdc --split val --checkpoint model.pth --shard 1/4 --output part-1", "a quarter of the work"],
    ["acclimate evaluate merge part-1 part-2 part-3 part-4 --output whole", ""],
  ]);
  command.action(async (dataset: string | undefined, values: Record<string, unknown>) => {
    const flags = checkedFlags(evaluateFlagsSchema, values);
    const config = checkedFlags(evaluationConfigSchema, { ...values, alpha: values.alpha ?? null });
    const request: EvaluationRequest = {
      dataset: datasetPath(dataset, flags),
      layout: flags.layout ?? null,
      split: flags.split ?? null,
      config,
      shard: parseShard(flags.shard),
      output: resolve(flags.output),
      contained: false,
      savePredictions: flags.savePredictions,
    };
    if (flags.workers === 1) await evaluateHere(request, flags, context);
    else await evaluateInWorkers(request, flags, context);
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
    .option("--checkpoint <file>", "a .pth or .safetensors file; architecture and classes are read from it")
    .option("--num-classes <n>", "refuse a checkpoint with another number of classes", numberFrom("--num-classes"))
    .option("--alpha <a>", "share of the image's own statistics, 0 to 1", numberFrom("--alpha"));
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
      show(summary, labelSetFor(checkpoint.numClasses).names, output, json, terminal);
    });
}

async function evaluateHere(request: EvaluationRequest, flags: EvaluateFlags, context: CliContext): Promise<void> {
  const { terminal, signal, version } = context;
  const { alpha } = request.config;
  const modelFlags = alpha === null ? flags : { ...flags, alpha };
  const { model, checkpoint, labelSet } = await openModel(checkpointOf(flags), modelFlags);
  const progress = new EvaluationProgress(() => performance.now());
  const onEvent = (event: EvaluationEvent): void => {
    tellParent(event);
    const notice = progress.hear(event);
    if (notice !== "") terminal.notice(notice);
    terminal.progress(progress.line);
  };
  try {
    const result = await runEvaluation(request, { model, checkpoint }, { version, onEvent, signal });
    terminal.clearProgress();
    sayHowItWent(result, context);
    show(result.summary, labelSet.names, flags.output, flags.json, terminal);
    if (result.summary.failed > 0) context.setExitCode(EXIT.someFailed);
  } catch (error) {
    if (error instanceof CancelledError) {
      terminal.notice(`Stopped; the same command goes on from here. What is finished is in "${flags.output}".`);
    }
    throw error;
  } finally {
    await model.dispose();
    await model.runtime.dispose();
  }
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

async function evaluateInWorkers(request: EvaluationRequest, flags: EvaluateFlags, context: CliContext): Promise<void> {
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
  const { checkpoint } = await readHeader(request.output);
  terminal.clearProgress();
  show(summary, labelSetFor(checkpoint.numClasses).names, flags.output, flags.json, terminal);
  if (summary.failed > 0) context.setExitCode(EXIT.someFailed);
}

function show(
  summary: EvaluationSummary,
  classes: readonly string[],
  output: string,
  json: boolean,
  terminal: CliContext["terminal"],
): void {
  if (json) terminal.print(jsonText({ classes, ...summary }));
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
  throw new AppError("input.option", "--checkpoint: name the .pth or .safetensors file of the model.");
}

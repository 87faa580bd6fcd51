// `acclimate train`: fit a network by one of the methods that train.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import type { LabelSetData } from "../../../src-shared/contract/label-set.ts";
import {
  TRAINING_SCHEMAS,
  type TrainingConfig,
  trainingConfigSchema,
} from "../../../src-shared/contract/training/training-config.ts";
import type { TrainingEvent } from "../../../src-shared/contract/training/training-events.ts";
import { variantText } from "../../../src-shared/contract/training/variant-score.ts";
import type { TrainingResults } from "../../../src-shared/contract/training-results.ts";
import { DatasetReport } from "../../engine/datasets/dataset-report.ts";
import { openLabelledTarget } from "../../engine/methods/crots/open-labelled-target.ts";
import { openTargetShares } from "../../engine/methods/da-sac/open-target-shares.ts";
import { openSourcePixels } from "../../engine/methods/entropy-balancing/open-source-pixels.ts";
import { SAMPLE_PROGRAM, trainingMethodOf } from "../../engine/methods/training-methods.ts";
import { trainedClasses } from "../../engine/models/checkpoint-classes.ts";
import { type InitialWeights, loadInitialWeights } from "../../engine/models/load-initial-weights.ts";
import { createRuntime } from "../../engine/runtimes/create-runtime.ts";
import { trainIntoFiles } from "../../engine/training/train-into-files.ts";
import { openTrainingData, type TrainingData } from "../../engine/training/training-data.ts";
import {
  readTrainingState,
  requireSameConfig,
  type TrainingState,
  trainingFiles,
} from "../../engine/training/training-store.ts";
import type { TrainingResult } from "../../engine/training/training-task.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import { givenLabelSet } from "../inputs/given-label-set.ts";
import { checkedFlags } from "../options/flag-values.ts";
import { requireMethodFlags } from "../options/method-flags.ts";
import { nestedValues } from "../options/parameter-options.ts";
import { addMachineOptions } from "../options/run-options.ts";
import {
  addDataOptions,
  addTrainingOutputOptions,
  addTrainingParameters,
  type TrainingFlags,
  trainingFlagsSchema,
} from "../options/training-options.ts";
import { jsonText } from "../run/json-text.ts";
import { createFolder } from "../run/output-folder.ts";
import { checkRoom, trainingNeeds } from "../run/require-room.ts";
import { dataChoices } from "../run/training-data.ts";
import { percentText } from "../terminal/format.ts";
import { TrainingProgressLine } from "../terminal/training-progress.ts";

const ABOUT = `Trains a network on labelled images.

A dataset is the folder of a known data set (docs/datasets.md), or one with images/ and labels/ in it: PNGs of the same
names whose values are train ids (255: ignored). With --val-dataset-root the weights with the best mean IoU there are
kept, for each alpha of a grid; otherwise the last ones.

--method names the method of training: source-training learns from labelled images alone; da-sac-baseline and da-sac adapt
to the images of --target-dataset-root, which need no labels (docs/da-sac.md), and so do daformer and entropy-balancing, which
train transformers (docs/entropy-balancing.md). crots-baseline and crots adapt without any image of the source (docs/crots.md).

Ctrl-C stops after the current step, and --resume goes on from there.`;

export function trainCommand(program: Command, context: CliContext): void {
  const command = program.command("train").summary("train a model on labelled images").description(paragraphs(ABOUT));
  addDataOptions(command);
  addTrainingParameters(command);
  addTrainingOutputOptions(command);
  addMachineOptions(command);
  examples(command, [
    [
      "acclimate train --sample --seed 1 --backbone-name resnet18 --width 16 --crop-size 192 192 --output street.safetensors",
      "a small model of the built-in scenes",
    ],
    [
      "acclimate train --dataset-root gta --val-dataset-root wilddash --initial-weights resnet50-19c8e357.pth --output model.safetensors",
      "the published recipe",
    ],
    [
      "acclimate train --method da-sac --sample --network deeplabv2_resnet18 --width 16 --crop-size 128 256 --initial-weights baseline.safetensors --importance-weights count --output adapted.safetensors",
      "adapt a baseline to fog, night and rain",
    ],
    ["acclimate train --dataset-root gta --output model.safetensors --resume", "go on with a run that ended too early"],
  ]);
  command.action(async (values: Record<string, unknown>) => {
    const flags = checkedFlags(trainingFlagsSchema, values);
    const { method } = flags;
    requireMethodFlags(values, method);
    const labelSet = await givenLabelSet(flags.labelSet);
    const classes = labelSet === undefined ? {} : { numClasses: labelSet.classes.length };
    const given = nestedValues(TRAINING_SCHEMAS[method], { ...classes, ...values, method });
    const config = checkedFlags(trainingConfigSchema, given);
    await runTraining(flags, config, context, labelSet);
  });
}

interface Start {
  readonly output: string;
  readonly resumed: TrainingState | undefined;
  readonly checkpoint: InitialWeights | undefined;
  readonly labelSet: LabelSetData | undefined;
  readonly data: TrainingData;
  /** Of the target, where it is a folder. */
  readonly root: string | null;
  /** Of the source, likewise. */
  readonly sourceRoot: string | null;
}

async function runTraining(
  flags: TrainingFlags,
  config: TrainingConfig,
  context: CliContext,
  given: LabelSetData | undefined,
): Promise<void> {
  const output = flags.output ?? join(flags.checkpointsRoot, `${timestamp(new Date())}.safetensors`);
  const resumed = await stateToResume(flags, output, config);
  const { initialWeights } = flags;
  const checkpoint = initialWeights === undefined ? undefined : await loadInitialWeights(initialWeights);
  const { terminal } = context;
  const report = new DatasetReport();
  const choices = dataChoices(flags, trainingMethodOf(config));
  const labelSet = await trainedClasses(checkpoint, config.numClasses, given);
  const data = await openTrainingData(choices, config, { report, contained: false, labelSet });
  const root = choices.target?.kind === "folder" ? choices.target.root : null;
  const sourceRoot = choices.training?.kind === "folder" ? choices.training.root : null;
  const start: Start = { output, resumed, checkpoint, labelSet, data, root, sourceRoot };
  if (report.lines.length > 0) terminal.notice(...report.lines.map(({ message }) => message));
  const { force, numWorkers: readingThreads } = flags;
  const needs = await trainingNeeds(config, data, { output: dirname(output), readingThreads, runtime: flags });
  checkRoom("training", { needs, flags: { output, force } }, context);
  await createFolder(dirname(output));
  const said = report.lines.length;
  const result = await trained(start, flags, config, context);
  terminal.notice(...report.lines.slice(said).map(({ message }) => message));
  if (flags.json) terminal.print(jsonText(documentOf(start, config, result)));
  else terminal.print(...linesOf(output, config, result));
}

async function trained(
  { output, resumed, checkpoint, labelSet, data, root, sourceRoot }: Start,
  flags: TrainingFlags,
  config: TrainingConfig,
  { terminal, signal }: CliContext,
): Promise<TrainingResult> {
  const progress = new TrainingProgressLine();
  const onEvent = (event: TrainingEvent): void => {
    const notice = progress.hear(event);
    if (notice !== "" && !flags.json) terminal.notice(notice);
    terminal.progress(progress.line);
  };
  const { runtime: name, provider, threads, numWorkers } = flags;
  const readingThreads = { program: SAMPLE_PROGRAM, count: numWorkers };
  const method = trainingMethodOf(config);
  const runtime = await createRuntime({ runtime: name, provider, threads });
  try {
    const targetShares = await openTargetShares(
      { weights: flags.importanceWeights ?? null, config, data, root, given: checkpoint, runtime },
      {
        signal,
        onImage: (done, images) => onEvent({ type: "targetCounted", done, images }),
        onNotice: (message) => terminal.notice(message),
      },
    );
    const sourcePixels = await openSourcePixels(
      { config, data, root: sourceRoot },
      { signal, onImage: (done, images) => terminal.progress(`counting pixels of classes ${done}/${images}`) },
    );
    const shares = {
      ...(targetShares === undefined ? {} : { targetShares }),
      ...(sourcePixels === undefined ? {} : { sourcePixels }),
    };
    const labelled = await openLabelledTarget(
      { config, data, given: checkpoint, runtime, labels: labelFolder(flags), output },
      {
        signal,
        onImage: (done, images) => terminal.progress(`labelling target images ${done}/${images}`),
        onNotice: (message) => terminal.notice(message),
      },
    );
    return await trainIntoFiles(
      { method, config, data: labelled, checkpoint, labelSet, ...shares, output, resumed, readingThreads, runtime },
      { onEvent, onNotice: (message) => terminal.notice(message), signal },
    );
  } catch (error) {
    const { state } = trainingFiles(output);
    if (error instanceof CancelledError && existsSync(state)) {
      terminal.notice(`"${state}" keeps what was learnt; go on with the same options and --resume.`);
    }
    throw error;
  } finally {
    await runtime.dispose();
  }
}

/** @throws AppError `input.option` for a folder that the method has no use for */
function labelFolder({ method, pseudoLabelRoot, hardPatchesRoot }: TrainingFlags): string | null {
  const refused = (flag: string, of: string): AppError =>
    new AppError("input.option", `${flag}: the method ${method} has no use for it; it belongs to ${of}.`);
  if (pseudoLabelRoot !== undefined && method !== "crots-baseline")
    throw refused("--pseudo-label-root", "crots-baseline");
  if (hardPatchesRoot !== undefined && method !== "crots") throw refused("--hard-patches-root", "crots");
  return pseudoLabelRoot ?? hardPatchesRoot ?? null;
}

/** @throws AppError `input.option` when a run would be overwritten, or there is none to go on with */
async function stateToResume(
  { output: named, resume }: TrainingFlags,
  output: string,
  config: TrainingConfig,
): Promise<TrainingState | undefined> {
  const { state } = trainingFiles(output);
  if (!resume && !existsSync(state)) return undefined;
  if (!resume) {
    throw new AppError("input.option", `"${state}" is of an unfinished run; go on with --resume, or remove it.`);
  }
  if (named === undefined) {
    throw new AppError("input.option", "--resume: name the file of the run to go on with, with --output FILE.");
  }
  const kept = await readTrainingState(state, trainingMethodOf);
  requireSameConfig(kept, config, state);
  return kept;
}

function documentOf(
  { output, resumed, checkpoint, data }: Start,
  config: TrainingConfig,
  { steps, best, bests, epochs, imagesPerSecond, waitShare }: TrainingResult,
): TrainingResults {
  const files = trainingFiles(output);
  const variants = bests.toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0));
  return {
    command: "train",
    config,
    data: { ...data.description },
    initialWeights: checkpoint === undefined ? null : { path: checkpoint.path, sha256: checkpoint.sha256 },
    steps,
    resumedAt: resumed?.progress.step ?? 0,
    best,
    variants,
    epochs: [...epochs],
    imagesPerSecond,
    waitShare,
    outputs: {
      best: files.best,
      last: files.last,
      variants: variants.map((variant) => files.variant(variant)).filter((path) => existsSync(path)),
    },
  };
}

function linesOf(output: string, { numEpochs }: TrainingConfig, result: TrainingResult): string[] {
  const { best, imagesPerSecond, waitShare } = result;
  const what =
    best === null
      ? `epoch ${numEpochs} of ${numEpochs}`
      : `epoch ${best.epoch} of ${numEpochs}, ${variantText(best)}, mean IoU ${percentText(best.miou)} %`;
  const speed = `${imagesPerSecond.toPrecision(3)} images/s; waited for images ${percentText(waitShare)} % of the time`;
  return [`"${output}": ${what}`, speed];
}

/** 2026_11_21_08_35_01, as the original names its files. */
function timestamp(date: Date): string {
  const parts = [
    date.getFullYear(),
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  ];
  return parts.map((part) => String(part).padStart(2, "0")).join("_");
}

// The options of `train`, in groups as the help shows them. Source of names and defaults: spec "5. Command-line flags".
import type { Command } from "commander";
import { z } from "zod";
import { parameterFields } from "../../../src-shared/contract/parameter-field.ts";
import { trainingConfigSchema } from "../../../src-shared/contract/training-config.ts";
import { defaultReadingThreads } from "../../engine/methods/source-training/train-into-files.ts";
import { numberFrom } from "./flag-values.ts";
import { addParameterOptions } from "./parameter-options.ts";
import { runFlagsSchema } from "./run-options.ts";

const DEFAULT_CHECKPOINTS_ROOT = "checkpoints/runs";

/** Everything but the training's own parameters. */
export const trainingFlagsSchema = runFlagsSchema
  .pick({ runtime: true, provider: true, threads: true, force: true, json: true })
  .extend({
    sample: z.boolean().default(false),
    count: z.int("the number of scenes is whole").min(1, "there is at least 1 scene").default(400),
    datasetRoot: z.string().min(1, "name a folder").optional(),
    split: z.string().min(1, "name a split").default("train"),
    valDatasetRoot: z.string().min(1, "name a folder").optional(),
    valSplit: z.string().min(1, "name a split").default("val"),
    valCount: z.int("the number of scenes is whole").nonnegative("the number of scenes is 0 or more").optional(),
    initialWeights: z.string().min(1, "name a file").optional(),
    output: z.string().endsWith(".safetensors", "name a file that ends in .safetensors").optional(),
    checkpointsRoot: z.string().min(1, "name a folder").default(DEFAULT_CHECKPOINTS_ROOT),
    resume: z.boolean().default(false),
    numWorkers: z
      .int("the number of threads is whole")
      .nonnegative("the number of threads is 0 or more")
      .max(256, "there are at most 256 threads")
      .default(defaultReadingThreads),
  });
export type TrainingFlags = z.infer<typeof trainingFlagsSchema>;

export function addDataOptions(command: Command): void {
  command
    .optionsGroup("Data")
    .option("--sample", "the built-in street scenes on a clear day, drawn as needed")
    .option("--count <n>", "how many scenes of the sample (default: 400)", numberFrom("--count"))
    .option("--dataset-root <folder>", "labelled images to train on")
    .option("--split <name>", "of --dataset-root, where it has splits; all: every image (default: train)")
    .option("--val-dataset-root <folder>", "labelled images to choose epoch and alpha by")
    .option("--val-split <name>", "of --val-dataset-root, likewise (default: val)")
    .option(
      "--val-count <n>",
      "in place of --val-dataset-root so many other scenes of the sample (default: 8 with --sample, otherwise 0)",
      numberFrom("--val-count"),
    )
    .option(
      "--num-workers <n>",
      "threads that read and augment images; 0: none (default: 8, at most one a core)",
      numberFrom("--num-workers"),
    )
    .option(
      "--initial-weights <file>",
      "torchvision's ImageNet weights of the backbone (.pth), or a checkpoint of the same network (default: random weights)",
    );
}

export function addTrainingOutputOptions(command: Command): void {
  command
    .optionsGroup("Output")
    .option("--output <file>", "the .safetensors file for the best weights; others get names that begin like it")
    .option(
      "--checkpoints-root <folder>",
      "without --output: where a file named by date and time goes",
      DEFAULT_CHECKPOINTS_ROOT,
    )
    .option("--resume", "go on with the run that --output is of, after a crash or Ctrl-C")
    .option("--json", "print one JSON document and nothing else");
}

/** The parameters of the training itself. Previews are for looking at; the command line writes none. */
export function addTrainingParameters(command: Command): void {
  const names = parameterFields(trainingConfigSchema).map(({ name }) => name);
  addParameterOptions(
    command,
    trainingConfigSchema,
    names.filter((name) => name !== "previewStep"),
  );
}

// The options of `train`, in groups as the help shows them. Source of names and defaults: spec "5. Command-line flags".
import { type Command, Option } from "commander";
import { z } from "zod";
import { ARCH_TYPES, LR_SCHEDULERS } from "../../../src-shared/contract/training-config.ts";
import { defaultReadingThreads } from "../../engine/methods/source-training/train-into-files.ts";
import { numberFrom, numbersFrom } from "./flag-values.ts";
import { runFlagsSchema } from "./run-options.ts";

const DEFAULT_CHECKPOINTS_ROOT = "checkpoints/runs";

/** Everything but the training's own parameters. */
export const trainingFlagsSchema = runFlagsSchema
  .pick({ runtime: true, provider: true, threads: true, json: true })
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
    .option("--save-step <n>", "steps between saves of what --resume needs (default: 500)", numberFrom("--save-step"))
    .option("--json", "print one JSON document and nothing else");
}

export function addModelOptions(command: Command): void {
  command
    .optionsGroup("Model")
    .addOption(new Option("--arch-type <name>", "the network (default: deeplab)").choices(ARCH_TYPES))
    .option(
      "--backbone-name <name>",
      "of deeplab and deeplabv3plus: resnet18, resnet50 or resnet101 (default: resnet50)",
    )
    .option("--width <n>", "channels of the first layer; all others in proportion (default: 64)", numberFrom("--width"))
    .option("--num-classes <n>", "classes, 19 or 16 (default: 19)", numberFrom("--num-classes"))
    .option("--dropout", "dropout behind every ReLU")
    .option(
      "--initial-weights <file>",
      "torchvision's ImageNet weights of the backbone (.pth), or a checkpoint of the same network (default: random weights)",
    );
}

export function addOptimizerOptions(command: Command): void {
  command
    .optionsGroup("Training")
    .option("--base-lr <lr>", "learning rate of SGD at the start (default: 0.005)", numberFrom("--base-lr"))
    .option("--momentum <m>", "of SGD (default: 0.9)", numberFrom("--momentum"))
    .option("--weight-decay <d>", "of SGD (default: 0.0001)", numberFrom("--weight-decay"))
    .addOption(new Option("--lr-scheduler <name>", "how the rate falls (default: poly)").choices(LR_SCHEDULERS))
    .option("--num-epochs <n>", "how often each image is seen (default: 50)", numberFrom("--num-epochs"))
    .option("--batch-size <n>", "images a step (default: 4)", numberFrom("--batch-size"))
    .option(
      "--micro-batch-size <n>",
      "images at once; the gradients of a step's parts are added up (default: all)",
      numberFrom("--micro-batch-size"),
    )
    .option("--crop-size <pixels...>", "height and width of a training image (default: 512 512)", pairOf("--crop-size"))
    .option("--aux-weight <w>", "weight of PSPNet's auxiliary loss, there 0.4 (default: 0)", numberFrom("--aux-weight"))
    .option(
      "--ema <decay>",
      "validate and write a moving average of the weights (default: 0, none)",
      numberFrom("--ema"),
    )
    .option("--seed <n>", "of weights, order, augmentation and sample scenes (default: 0)", numberFrom("--seed"));
}

export function addValidationOptions(command: Command): void {
  command
    .optionsGroup("Validation")
    .option("--validation-start <n>", "first epoch to validate, from 0 (default: 40)", numberFrom("--validation-start"))
    .option("--validation-step <n>", "epochs between validations (default: 1)", numberFrom("--validation-step"))
    .option("--num-alphas <n>", "alphas to validate with, from 0 to 1 (default: 11)", numberFrom("--num-alphas"))
    .option("--alpha <a>", "only this one", numberFrom("--alpha"));
}

export function addAugmentationOptions(command: Command): void {
  command
    .optionsGroup("Augmentation")
    .option("--crop-area <share...>", "least and most of the image in a crop (default: 0.08 1)", pairOf("--crop-area"))
    .option("--blur-radius <pixels...>", "least and most blur (default: 0.1 2)", pairOf("--blur-radius"))
    .option("--flip <p>", "probability of mirroring (default: 0.5)", numberFrom("--flip"))
    .option("--jitter <p>", "probability of changed colours (default: 0.5)", numberFrom("--jitter"))
    .option("--gray <p>", "probability of no colours (default: 0.1)", numberFrom("--gray"));
}

/** Two numbers, with a space or a comma between them. */
function pairOf(flag: string): (text: string, before: number[] | undefined) => number[] {
  const numbers = numbersFrom(flag);
  return (text, before) => [...(before ?? []), ...numbers(text)];
}

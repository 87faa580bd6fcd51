// `acclimate train`: fit a network to labelled images, from scratch.
import { dirname, format, parse } from "node:path";
import type { Command } from "commander";
import { Option } from "commander";
import { z } from "zod";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { TrainingEvent } from "../../../src-shared/contract/run-events.ts";
import {
  augmentationConfigSchema,
  type TrainingConfig,
  trainingConfigSchema,
} from "../../../src-shared/contract/training-config.ts";
import { writeSafetensors } from "../../engine/checkpoints/safetensors/write-safetensors.ts";
import { openLabelledFolder } from "../../engine/datasets/labelled-folder.ts";
import type { LabelledImages } from "../../engine/datasets/labelled-images.ts";
import { sampleScenes } from "../../engine/datasets/sample/sample-scenes.ts";
import { type TrainedCheckpoint, train } from "../../engine/methods/source-training/train.ts";
import { createRuntime } from "../../engine/runtimes/create-runtime.ts";
import type { CliContext } from "../context.ts";
import { examples } from "../help.ts";
import { checkedFlags, numberFrom, numbersFrom } from "../options/flag-values.ts";
import { addMachineOptions, runFlagsSchema } from "../options/run-options.ts";
import { createFolder } from "../run/output-folder.ts";
import { TrainingProgress } from "../terminal/training-progress.ts";

const ABOUT = `Trains DeepLabv1 from scratch on labelled images.

A dataset is a folder with images/ and labels/ in it: PNGs of the same names whose values are train ids (255: ignored).
With --val-dataset-root the epoch with the best mean IoU there is kept, otherwise the last one.`;

/** Sample scenes to validate on: those that follow the training scenes. */
const SAMPLE_VALIDATION_COUNT = 8;
const SAMPLE_SIZE = { width: 512, height: 256 } as const;

const dataFlagsSchema = runFlagsSchema.pick({ runtime: true, provider: true, threads: true }).extend({
  sample: z.boolean().default(false),
  count: z.int("the number of scenes is whole").min(1, "there is at least 1 scene").default(400),
  datasetRoot: z.string().min(1, "name a folder").optional(),
  valDatasetRoot: z.string().min(1, "name a folder").optional(),
  output: z.string().endsWith(".safetensors", "name a file that ends in .safetensors"),
});
type DataFlags = z.infer<typeof dataFlagsSchema>;

interface Data {
  readonly training: LabelledImages;
  readonly validation: LabelledImages | undefined;
  /** What made it, for the checkpoint's metadata. */
  readonly source: Readonly<Record<string, unknown>>;
}

export function trainCommand(program: Command, context: CliContext): void {
  const command = program.command("train").summary("train a model on labelled images").description(ABOUT);
  command
    .optionsGroup("Data")
    .option("--sample", "the built-in street scenes on a clear day, drawn as needed")
    .option("--count <n>", "how many scenes of the sample (default: 400)", numberFrom("--count"))
    .option("--dataset-root <folder>", "labelled images to train on")
    .option("--val-dataset-root <folder>", "labelled images to choose the epoch by")
    .requiredOption("--output <file>", "the .safetensors file to write; the last epoch goes to NAME-last.safetensors");
  addModelOptions(command);
  addTrainingOptions(command);
  addAugmentationOptions(command);
  addMachineOptions(command);
  examples(command, [
    [
      "acclimate train --sample --seed 1 --backbone-name resnet18 --width 16 --crop-size 192 192 --output street.safetensors",
      "a small model of the built-in scenes",
    ],
    ["acclimate train --dataset-root gta --val-dataset-root wilddash --output model.safetensors", ""],
  ]);
  command.action(async (values: Record<string, unknown>) => {
    const flags = checkedFlags(dataFlagsSchema, values);
    const augmentation = checkedFlags(augmentationConfigSchema, values);
    await runTraining(flags, checkedFlags(trainingConfigSchema, { ...values, augmentation }), context);
  });
}

function addModelOptions(command: Command): void {
  command
    .optionsGroup("Model")
    .option("--backbone-name <name>", "resnet18, resnet50 or resnet101 (default: resnet50)")
    .option("--width <n>", "channels of the first layer; all others in proportion (default: 64)", numberFrom("--width"))
    .option("--num-classes <n>", "classes (default: 19)", numberFrom("--num-classes"))
    .option("--alpha <a>", "written into the checkpoint, and used to validate (default: 0.1)", numberFrom("--alpha"));
}

/** Source of names and defaults: spec "5. Command-line flags". */
function addTrainingOptions(command: Command): void {
  command
    .optionsGroup("Training")
    .option("--base-lr <lr>", "learning rate of SGD at the start (default: 0.005)", numberFrom("--base-lr"))
    .option("--momentum <m>", "of SGD (default: 0.9)", numberFrom("--momentum"))
    .option("--weight-decay <d>", "of SGD (default: 0.0001)", numberFrom("--weight-decay"))
    .addOption(
      new Option("--lr-scheduler <name>", "how the rate falls: poly or constant (default: poly)").choices([
        "poly",
        "constant",
      ]),
    )
    .option("--num-epochs <n>", "how often each image is seen (default: 50)", numberFrom("--num-epochs"))
    .option("--batch-size <n>", "images a step (default: 4)", numberFrom("--batch-size"))
    .option("--crop-size <pixels...>", "height and width of a training image (default: 512 512)", pairOf("--crop-size"))
    .option("--validation-start <n>", "first epoch to validate, from 0 (default: 40)", numberFrom("--validation-start"))
    .option("--validation-step <n>", "epochs between validations (default: 1)", numberFrom("--validation-step"))
    .option("--seed <n>", "of weights, order, augmentation and sample scenes (default: 0)", numberFrom("--seed"));
}

function addAugmentationOptions(command: Command): void {
  command
    .optionsGroup("Augmentation")
    .option("--crop-area <share...>", "least and most of the image in a crop (default: 0.08 1)", pairOf("--crop-area"))
    .option("--blur-radius <pixels...>", "least and most blur (default: 0.1 2)", pairOf("--blur-radius"))
    .option("--flip <p>", "probability of mirroring (default: 0.5)", numberFrom("--flip"))
    .option("--jitter <p>", "probability of changed colours (default: 0.5)", numberFrom("--jitter"))
    .option("--gray <p>", "probability of no colours (default: 0.1)", numberFrom("--gray"));
}

async function runTraining(flags: DataFlags, config: TrainingConfig, { terminal, signal }: CliContext): Promise<void> {
  const data = await openData(flags, config);
  await createFolder(dirname(flags.output));
  const { runtime: name, provider, threads } = flags;
  const runtime = await createRuntime({ runtime: name, provider, threads });
  const progress = new TrainingProgress(() => performance.now());
  const onEvent = (event: TrainingEvent): void => {
    const notice = progress.hear(event);
    if (notice !== "") terminal.notice(notice);
    terminal.progress(progress.line);
  };
  const save = async (kind: "best" | "last", checkpoint: TrainedCheckpoint): Promise<void> => {
    const path = kind === "best" ? flags.output : lastPath(flags.output);
    await writeSafetensors(path, checkpoint.stateDict, metadataOf(checkpoint, config, data));
  };
  const { training, validation } = data;
  const validationData = validation === undefined ? {} : { validationData: validation };
  try {
    const { epochs, miou } = await train(
      { runtime, config, data: training, ...validationData },
      { onEvent, signal, save },
    );
    const score = miou === null ? "" : `, mean IoU ${(100 * miou).toFixed(1)} %`;
    terminal.print(`"${flags.output}": epoch ${epochs} of ${config.numEpochs}${score}`);
  } finally {
    await runtime.dispose();
  }
}

async function openData(flags: DataFlags, config: TrainingConfig): Promise<Data> {
  const { sample, count, datasetRoot, valDatasetRoot } = flags;
  if (sample === (datasetRoot !== undefined)) {
    throw new AppError("input.option", "Say what to train on: either --sample or --dataset-root FOLDER.");
  }
  const validationFolder =
    valDatasetRoot === undefined ? undefined : await openLabelledFolder(valDatasetRoot, config.numClasses, "val");
  if (datasetRoot !== undefined) {
    const training = await openLabelledFolder(datasetRoot, config.numClasses);
    return { training, validation: validationFolder, source: { datasetRoot, valDatasetRoot } };
  }
  const scenes = { seed: config.seed, domain: "clear", ...SAMPLE_SIZE } as const;
  const following = sampleScenes({ ...scenes, first: count, count: SAMPLE_VALIDATION_COUNT });
  return {
    training: sampleScenes({ ...scenes, first: 0, count }),
    validation: validationFolder ?? following,
    source: { sample: { ...scenes, count }, valDatasetRoot },
  };
}

/** street.safetensors → street-last.safetensors */
function lastPath(output: string): string {
  const { dir, name, ext } = parse(output);
  return format({ dir, name: `${name}-last`, ext });
}

function metadataOf({ epochs, miou }: TrainedCheckpoint, config: TrainingConfig, { source }: Data) {
  return {
    config: JSON.stringify(config),
    data: JSON.stringify(source),
    epochs: String(epochs),
    ...(miou === null ? {} : { miou: String(miou) }),
  };
}

/** Two numbers, with a space or a comma between them. */
function pairOf(flag: string): (text: string, before: number[] | undefined) => number[] {
  const numbers = numbersFrom(flag);
  return (text, before) => [...(before ?? []), ...numbers(text)];
}

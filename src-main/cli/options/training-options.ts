// The options of `train`, in groups as the help shows them. Source of names and defaults: spec "5. Command-line flags".
import { type Command, Option } from "commander";
import { z } from "zod";
import { type ParameterField, parameterFields } from "../../../src-shared/contract/parameter-field.ts";
import { SAMPLE_DOMAINS } from "../../../src-shared/contract/sample-domains.ts";
import { TRAINING_METHOD_NAMES, TRAINING_SCHEMAS } from "../../../src-shared/contract/training/training-config.ts";
import { defaultReadingThreads } from "../../engine/training/train-into-files.ts";
import { numberFrom } from "./flag-values.ts";
import { addParameterOptions, defaultOf } from "./parameter-options.ts";
import { runFlagsSchema } from "./run-options.ts";

const DEFAULT_CHECKPOINTS_ROOT = "checkpoints/runs";

const sampleDomains = z.array(z.enum(SAMPLE_DOMAINS, `domains are ${SAMPLE_DOMAINS.join(", ")}`)).min(1);

/** Everything but the training's own parameters. */
export const trainingFlagsSchema = runFlagsSchema
  .pick({ runtime: true, provider: true, threads: true, force: true, json: true })
  .extend({
    method: z.enum(TRAINING_METHOD_NAMES).default("source-training"),
    sample: z.boolean().default(false),
    count: z.int("the number of scenes is whole").min(1, "there is at least 1 scene").default(400),
    datasetRoot: z.string().min(1, "name a folder").optional(),
    split: z.string().min(1, "name a split").optional(),
    targetDatasetRoot: z.string().min(1, "name a folder").optional(),
    targetSplit: z.string().min(1, "name a split").optional(),
    targetCount: z.int("the number of scenes is whole").min(1, "there is at least 1 scene").optional(),
    targetDomains: sampleDomains.optional(),
    valDatasetRoot: z.string().min(1, "name a folder").optional(),
    valSplit: z.string().min(1, "name a split").optional(),
    valDomains: sampleDomains.optional(),
    valCount: z.int("the number of scenes is whole").nonnegative("the number of scenes is 0 or more").optional(),
    importanceWeights: z.string().min(1, "name a file, or count").optional(),
    pseudoLabelRoot: z.string().min(1, "name a folder").optional(),
    hardPatchesRoot: z.string().min(1, "name a folder, or none").optional(),
    initialWeights: z.string().min(1, "name a file").optional(),
    labelSet: z.string().min(1, "name a label set or its file").optional(),
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
    .option("--target-dataset-root <folder>", "images to adapt to, for methods that do; their labels are not looked at")
    .option("--target-split <name>", "of --target-dataset-root, likewise (default: train)")
    .option(
      "--target-count <n>",
      "in place of --target-dataset-root so many other scenes of the sample (default with --sample: as many as --count)",
      numberFrom("--target-count"),
    )
    .option(
      "--target-domains <names...>",
      `of these scenes: ${SAMPLE_DOMAINS.join(", ")} (default: all but clear)`,
      namesOf,
    )
    .option(
      "--label-set <name or file>",
      "what the classes are, a JSON file or a name such as camvid-11: names, colours, and ids in the label files (default: by --num-classes)",
    )
    .option(
      "--importance-weights <file>",
      "of da-sac: how target images are drawn, as `acclimate importance-weights` writes it; count: by what --initial-weights predict (default: all alike)",
    )
    .option(
      "--pseudo-label-root <folder>",
      "of crots-baseline: labels of the target's images, as `acclimate pseudo-labels` writes them (default: what --initial-weights predict)",
    )
    .option(
      "--hard-patches-root <folder>",
      "of crots: patches of rare classes, as `acclimate hard-patches` writes them; none: without (default: cut by what --initial-weights predict)",
    )
    .option("--val-dataset-root <folder>", "labelled images to choose epoch and alpha by")
    .option("--val-split <name>", "of --val-dataset-root, likewise (default: val)")
    .option(
      "--val-count <n>",
      "in place of --val-dataset-root so many other scenes of the sample (default: 8 with --sample, otherwise 0)",
      numberFrom("--val-count"),
    )
    .option("--val-domains <names...>", "of these scenes (default: clear)", namesOf)
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

/**
 * The parameters of all methods that train: one that several have is said once, in the words of the first. Previews are for
 * looking at; the command line writes none.
 */
export function addTrainingParameters(command: Command): void {
  command
    .optionsGroup("Method")
    .addOption(
      new Option(
        "--method <name>",
        `how the network is trained: ${TRAINING_METHOD_NAMES.join(", ")} (default: source-training)`,
      ).choices(TRAINING_METHOD_NAMES),
    );
  const said = new Set(["previewStep"]);
  for (const schema of Object.values(TRAINING_SCHEMAS)) {
    const names = parameterFields(schema).flatMap(({ name }) => (said.has(name) ? [] : [name]));
    addParameterOptions(command, schema, names, defaultsOfMethods);
    for (const name of names) said.add(name);
  }
}

/** "0.005; da-sac-baseline, da-sac: 0.00025": methods that have the parameter and another default are named. */
function defaultsOfMethods({ name }: ParameterField): string {
  const byText = new Map<string, string[]>();
  for (const [method, schema] of Object.entries(TRAINING_SCHEMAS)) {
    const field = parameterFields(schema).find((one) => one.name === name);
    if (field === undefined) continue;
    const text = defaultOf(field);
    byText.set(text, [...(byText.get(text) ?? []), method]);
  }
  const [first, ...others] = [...byText];
  return [first?.[0], ...others.map(([text, methods]) => `${methods.join(", ")}: ${text}`)].join("; ");
}

/** Names, with spaces or commas between them. */
function namesOf(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(/[\s,]+/).filter((name) => name !== "")];
}

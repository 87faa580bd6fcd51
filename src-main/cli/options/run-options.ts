// The options that `adapt`, `tta` and `predict` share, in groups as the help shows them.
import { type Command, Option } from "commander";
import { z } from "zod";
import { RECIPES } from "../../../src-shared/contract/recommended-parameters.ts";
import { LABEL_ENCODINGS } from "../../../src-shared/labels/label-id-to-train-id.ts";
import { SAMPLE_DOMAINS } from "../../engine/datasets/sample/render-sample-scene.ts";
import { ONNX_PROVIDERS } from "../../engine/runtimes/onnx/onnx-providers.ts";
import { numberFrom, numbersFrom, numbersOrNoneFrom } from "./flag-values.ts";
import { addRecipeOption } from "./recipe.ts";

export const DEFAULT_OUTPUT = "acclimate-output";
export const LABEL_ENCODING_CHOICES = ["trainIds", ...LABEL_ENCODINGS] as const;
export const RUNTIME_CHOICES = ["auto", "onnx", "tfjs"] as const;
export const PROVIDER_CHOICES = ["auto", ...ONNX_PROVIDERS] as const;
export const PALETTE_CHOICES = ["cityscapes", "colorblind"] as const;

/** Flags whose values may stand behind them with spaces between, as in the original program. */
export const NUMBER_LIST_FLAGS = ["--scales", "--resnet-layers", "--hrnet-layers"];

/** Everything but the method's own parameters, once parsed. */
export const runFlagsSchema = z.object({
  labels: z.string().min(1, "name a file or folder").optional(),
  labelEncoding: z.enum(LABEL_ENCODING_CHOICES).default("trainIds"),
  /** Without a domain: those to adapt to, all but the one that the built-in checkpoint was trained on. */
  sample: z.preprocess(
    (domains) => (domains === true ? SAMPLE_DOMAINS.slice(1) : domains),
    z.array(z.enum(SAMPLE_DOMAINS, `the domains are ${SAMPLE_DOMAINS.join(", ")}`)).optional(),
  ),
  checkpoint: z.string().min(1, "name a checkpoint file").optional(),
  recipe: z.enum(RECIPES).optional(),
  numClasses: z.int("the number of classes is whole").min(2, "there are at least 2 classes").optional(),
  alpha: z.number().min(0, "alpha is between 0 and 1").max(1, "alpha is between 0 and 1").optional(),
  output: z.string().min(1, "name a folder").default(DEFAULT_OUTPUT),
  saveLogits: z.string().endsWith(".safetensors", "name a file that ends in .safetensors").optional(),
  palette: z.enum(PALETTE_CHOICES).default("cityscapes"),
  overlayOpacity: z
    .number()
    .min(0, "the opacity is between 0 and 1")
    .max(1, "the opacity is between 0 and 1")
    .default(0.6),
  json: z.boolean().default(false),
  runtime: z.enum(RUNTIME_CHOICES).default("auto"),
  provider: z.enum(PROVIDER_CHOICES).default("auto"),
  threads: z
    .int("the number of threads is whole")
    .min(1, "there is at least 1 thread")
    .max(1024, "there are at most 1024 threads")
    .optional(),
});
export type RunFlags = z.infer<typeof runFlagsSchema>;

/** Arguments and options in front of the method's own ones. */
export function addInputOptions(command: Command): Command {
  return command
    .argument("[images...]", "image files, or folders that are searched for images with all their subfolders")
    .optionsGroup("Input")
    .addOption(
      new Option(
        "--sample [domains...]",
        `the built-in street images instead, of ${SAMPLE_DOMAINS.join(", ")} (default: all but ${SAMPLE_DOMAINS[0]}), with their labels and checkpoint`,
      ),
    )
    .option("--labels <path>", "ground truth: a label PNG, or a folder whose files are matched by name")
    .addOption(
      new Option("--label-encoding <name>", "what the ids in the label files mean")
        .choices(LABEL_ENCODING_CHOICES)
        .default("trainIds"),
    )
    .optionsGroup("Model")
    .option("--checkpoint <file>", "a .pth or .safetensors file; architecture and classes are read from it")
    .option("--num-classes <n>", "refuse a checkpoint with another number of classes", numberFrom("--num-classes"))
    .option(
      "--alpha <a>",
      "share of the image's own statistics, 0 to 1, in place of the checkpoint's",
      numberFrom("--alpha"),
    );
}

/** Source of names and defaults: spec "4.3 Augmented set". */
export function addViewOptions(command: Command): Command {
  command
    .optionsGroup("Augmented views")
    .option("--scales <list>", "their sizes, relative to the image (default: 0.25 0.5 0.75)", numbersFrom("--scales"));
  return addViewSwitches(command);
}

export function addViewSwitches(command: Command): Command {
  return command
    .option("--flips", "mirror the second view of each size (default)")
    .option("--no-flips", "do not")
    .option("--grayscale", "turn the second view of each size grey (default)")
    .option("--no-grayscale", "do not");
}

/** Source of names and defaults: spec "4.6 Self-adaptation of one image". */
export function addAdaptationOptions(command: Command): Command {
  return addRecipeOption(command.optionsGroup("Adaptation"))
    .option(
      "--threshold <t>",
      "a pixel is trusted above this share of its class's best (default: 0.7)",
      numberFrom("--threshold"),
    )
    .option("--num-epochs <n>", "iterations (default: 10)", numberFrom("--num-epochs"))
    .option("--base-lr <lr>", "learning rate of SGD (default: 0.05)", numberFrom("--base-lr"))
    .option("--momentum <m>", "of SGD (default: 0)", numberFrom("--momentum"))
    .option("--weight-decay <d>", "of SGD (default: 0)", numberFrom("--weight-decay"))
    .option(
      "--resnet-layers <list>",
      "of a ResNet: layers that stay as they are, or none (default: 1 2)",
      numbersOrNoneFrom("--resnet-layers"),
    )
    .option(
      "--hrnet-layers <list>",
      "of an HRNet: transitions that stay, each with the stage behind it, or none (default: 1 2)",
      numbersOrNoneFrom("--hrnet-layers"),
    )
    .option("--dropout", "the network was trained with dropout behind every ReLU")
    .option("--seed <n>", "of the dropout masks (default: 0)", numberFrom("--seed"))
    .option("--carry-velocity", "keep SGD's velocity from one image to the next, as the original does");
}

export function addOutputOptions(command: Command): Command {
  return command
    .optionsGroup("Output")
    .option("--output <folder>", "where the files go", DEFAULT_OUTPUT)
    .option("--save-logits <file>", "also write the scores, float32 [1, C, H, W], as .safetensors")
    .addOption(new Option("--palette <name>", "colours of the classes").choices(PALETTE_CHOICES).default("cityscapes"))
    .option(
      "--overlay-opacity <o>",
      "how much the colours cover the image, 0 to 1 (default: 0.6)",
      numberFrom("--overlay-opacity"),
    )
    .option("--json", "print one JSON document and nothing else");
}

export function addMachineOptions(command: Command): Command {
  return command
    .optionsGroup("Machine (see `acclimate doctor`)")
    .addOption(new Option("--runtime <name>", "what computes").choices(RUNTIME_CHOICES).default("auto"))
    .addOption(new Option("--provider <name>", "what it computes on").choices(PROVIDER_CHOICES).default("auto"))
    .option("--threads <n>", "processor threads (default: one a core)", numberFrom("--threads"));
}

// The options that `adapt`, `tta` and `predict` share, in groups as the help shows them.
import { type Command, Option } from "commander";
import { z } from "zod";
import {
  adaptationConfigSchema,
  alphaValueSchema,
  viewsConfigSchema,
} from "../../../src-shared/contract/adaptation-config.ts";
import { RECIPES } from "../../../src-shared/contract/recommended-parameters.ts";
import { weightsChoiceSchema } from "../../../src-shared/contract/results.ts";
import { LABEL_ENCODING_CHOICES } from "../../../src-shared/labels/label-encoding-option.ts";
import { ONNX_PROVIDERS } from "../../engine/runtimes/onnx/onnx-providers.ts";
import { SAMPLE_DOMAINS } from "../../engine/sample/render-sample-scene.ts";
import { numberFrom } from "./flag-values.ts";
import { addParameterOptions, listFlags } from "./parameter-options.ts";
import { addRecipeOption } from "./recipe.ts";

export const DEFAULT_OUTPUT = "acclimate-output";
export const RUNTIME_CHOICES = ["auto", "onnx", "tfjs"] as const;
export const PROVIDER_CHOICES = ["auto", ...ONNX_PROVIDERS] as const;
export const PALETTE_CHOICES = ["cityscapes", "colorblind"] as const;

/** Flags whose values may stand behind them with spaces between, as in the original program. */
export const NUMBER_LIST_FLAGS = listFlags(adaptationConfigSchema);

/** Everything but the method's own parameters, once parsed. */
export const runFlagsSchema = z.object({
  labels: z.string().min(1, "name a file or folder").optional(),
  labelEncoding: z.enum(LABEL_ENCODING_CHOICES).default("trainIds"),
  labelClasses: z.string().min(1, "name a file").optional(),
  /** Without a domain: those to adapt to, all but the one that the built-in checkpoint was trained on. */
  sample: z.preprocess(
    (domains) => (domains === true ? SAMPLE_DOMAINS.slice(1) : domains),
    z.array(z.enum(SAMPLE_DOMAINS, `the domains are ${SAMPLE_DOMAINS.join(", ")}`)).optional(),
  ),
  checkpoint: z.string().min(1, "name a checkpoint file").optional(),
  recipe: z.enum(RECIPES).optional(),
  weights: weightsChoiceSchema.optional(),
  labelSet: z.string().min(1, "name a label set or its file").optional(),
  numClasses: z.int("the number of classes is whole").min(2, "there are at least 2 classes").optional(),
  alpha: alphaValueSchema.optional(),
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
  force: z.boolean().default(false),
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
    .option(
      "--label-classes <file>",
      "a list of what the colours or ids in the label files stand for, such as CVAT's labelmap.txt (default: the one beside them)",
    )
    .optionsGroup("Model")
    .option("--checkpoint <file>", "a .pth, .safetensors or .onnx file; architecture and classes are read from it")
    .addOption(weightsOption())
    .addOption(labelSetOption())
    .option("--num-classes <n>", "refuse a checkpoint with another number of classes", numberFrom("--num-classes"))
    .option(
      "--alpha <a>",
      "share of the image's own statistics, 0 to 1, in place of the checkpoint's",
      numberFrom("--alpha"),
    );
}

/** Which network of several in a file. */
export function weightsOption(): Option {
  return new Option(
    "--weights <which>",
    "of a file with several networks: student (default) or teacher, the moving average; or a name such as ema_model",
  );
}

/** What the classes are, where the file does not say. */
export function labelSetOption(): Option {
  return new Option(
    "--label-set <name or file>",
    "what the model's classes are: a JSON file, or a name such as camvid-11 (default: as its file says)",
  );
}

/** Source of names and defaults: spec "4.3 Augmented set". */
export function addViewOptions(command: Command): Command {
  return addParameterOptions(command, viewsConfigSchema);
}

/** Source of names and defaults: spec "4.6 Self-adaptation of one image". */
export function addAdaptationOptions(command: Command): Command {
  const views = Object.keys(viewsConfigSchema.shape);
  const own = Object.keys(adaptationConfigSchema.shape).filter((name) => !views.includes(name));
  return addRecipeOption(addParameterOptions(command, adaptationConfigSchema, own));
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

export const FORCE_HELP = "begin however little memory or disk there is for it";

export function addMachineOptions(command: Command): Command {
  return command
    .optionsGroup("Machine (see `acclimate doctor`)")
    .addOption(new Option("--runtime <name>", "what computes").choices(RUNTIME_CHOICES).default("auto"))
    .addOption(new Option("--provider <name>", "what it computes on").choices(PROVIDER_CHOICES).default("auto"))
    .option("--threads <n>", "processor threads (default: one a core)", numberFrom("--threads"))
    .option("--force", FORCE_HELP);
}

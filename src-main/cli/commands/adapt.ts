// `acclimate adapt`: fit the model to each image by itself, then predict it.
import type { Command } from "commander";
import type { AdaptationConfig } from "../../../src-shared/contract/adaptation-config.ts";
import type { RecipeUse } from "../../../src-shared/contract/recommended-parameters.ts";
import type { RgbImage } from "../../engine/images/rgb-image.ts";
import { type MethodOptions, runMethod } from "../../engine/methods/run-method.ts";
import type { Velocities } from "../../engine/methods/self-adaptation/adapted-weights.ts";
import type { PseudoLabel } from "../../engine/methods/self-adaptation/pseudo-label.ts";
import type { SegmentationModel } from "../../engine/methods/shared/segmentation-model.ts";
import type { ReadModel } from "../../engine/process/open-model.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import { checkedFlags } from "../options/flag-values.ts";
import { givenParameters, parametersFor } from "../options/recipe.ts";
import {
  addAdaptationOptions,
  addInputOptions,
  addMachineOptions,
  addOutputOptions,
  addViewOptions,
  type RunFlags,
  runFlagsSchema,
} from "../options/run-options.ts";
import { checkedWindow } from "../options/window-options.ts";
import type { Method, MethodResult } from "../run/method.ts";
import { runCommand } from "../run/run-command.ts";

const ABOUT = `Adapts the model to each image by itself and predicts it.

The model first predicts a few smaller, mirrored and grey views of the image. Where they agree confidently, their mean
becomes a pseudo-label; a few steps of SGD fit the network to it, and the adapted network predicts the image. The next
image starts from the checkpoint again. No labels are needed; with --labels you see what it brought.`;

export function adaptCommand(program: Command, context: CliContext): void {
  const command = program
    .command("adapt")
    .summary("adapt the model to each image, then predict it")
    .description(paragraphs(ABOUT));
  addInputOptions(command);
  addViewOptions(command);
  addAdaptationOptions(command);
  addOutputOptions(command);
  addMachineOptions(command);
  examples(command, [
    ["acclimate adapt --sample", "the built-in images, before and after"],
    ["acclimate adapt street.jpg --checkpoint model.pth", "one image of yours"],
    ["acclimate adapt leftImg8bit/val --labels gtFine/val --label-encoding cityscapes --checkpoint model.pth", ""],
    ["acclimate adapt night/ --checkpoint model.pth --base-lr 0.02 --num-epochs 5 --json > night.json", ""],
  ]);
  command.action(async (images: string[], values: Record<string, unknown>) => {
    const flags = checkedFlags(runFlagsSchema, values);
    checkedWindow(values);
    const given = givenParameters(values);
    const methodFor = (read: ReadModel): Method => {
      const { parameters, recipe } = parametersFor(flags.recipe, given, read);
      return new Adaptations(parameters, recipe, flags);
    };
    await runCommand(images, flags, methodFor, context);
  });
}

/** Adaptations of one image after the other; between them only velocities are kept, and only on request. */
class Adaptations implements Method {
  readonly command = "adapt";
  readonly config: Method["config"];
  readonly recipe: RecipeUse;
  readonly views: number;
  readonly iterations: number;
  readonly hasBefore = true;
  readonly scoresName = "logits";
  readonly #parameters: AdaptationConfig;
  #velocities: Velocities | undefined;

  constructor(parameters: AdaptationConfig, recipe: RecipeUse, flags: RunFlags) {
    this.recipe = recipe;
    this.#parameters = parameters;
    this.config = { ...parameters, alpha: flags.alpha ?? null };
    this.views = 2 * parameters.scales.length;
    this.iterations = parameters.numEpochs;
  }

  async run(model: SegmentationModel, image: RgbImage, options: MethodOptions): Promise<MethodResult> {
    const carried = this.#velocities === undefined ? {} : { velocities: this.#velocities };
    // An image that fails takes them along.
    this.#velocities = undefined;
    const config = { ...this.#parameters, method: "adapt" } as const;
    const { pseudoLabel, losses, weights } = await runMethod(model, image, config, { ...options, ...carried });
    if (this.#parameters.carryVelocity) this.#velocities = weights?.takeVelocities();
    weights?.dispose();
    return { losses, pseudoLabel: pseudoLabel === null ? null : figuresOf(pseudoLabel) };
  }
}

function figuresOf({ labels, keptPixels: kept, perClass }: PseudoLabel): MethodResult["pseudoLabel"] {
  return { kept, pixels: labels.data.length, perClass: [...perClass] };
}

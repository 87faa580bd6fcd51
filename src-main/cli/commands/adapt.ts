// `acclimate adapt`: fit the model to each image by itself, then predict it.
import type { Command } from "commander";
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
  runFlagsSchema,
} from "../options/run-options.ts";
import { checkedWindow } from "../options/window-options.ts";
import type { Method } from "../run/method.ts";
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
      return { config: { ...parameters, method: "adapt", alpha: flags.alpha ?? null }, recipe };
    };
    await runCommand(images, flags, methodFor, context);
  });
}

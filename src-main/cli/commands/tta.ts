// `acclimate tta`: predict each image by the mean over its augmented views.
import type { Command } from "commander";
import { viewsConfigSchema } from "../../../src-shared/contract/adaptation-config.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import { checkedFlags } from "../options/flag-values.ts";
import {
  addInputOptions,
  addMachineOptions,
  addOutputOptions,
  addViewOptions,
  runFlagsSchema,
} from "../options/run-options.ts";
import { addFitOption, addWindowOptions, checkedFit, checkedWindow } from "../options/window-options.ts";
import { runCommand } from "../run/run-command.ts";

const ABOUT = `Predicts each image by test-time augmentation: the mean over smaller, mirrored and grey views of it.

The weights stay as they are. The scores are probabilities, not logits, and so is what --save-logits writes.`;

export function ttaCommand(program: Command, context: CliContext): void {
  const command = program
    .command("tta")
    .summary("predict each image by the mean over its views")
    .description(paragraphs(ABOUT));
  addInputOptions(command);
  addViewOptions(command);
  addWindowOptions(command);
  addFitOption(command);
  addOutputOptions(command);
  addMachineOptions(command);
  examples(command, [
    ["acclimate tta street.jpg --checkpoint model.pth", ""],
    ["acclimate tta --sample night --scales 0.5 0.75 1 --no-grayscale", ""],
  ]);
  command.action(async (images: string[], values: Record<string, unknown>) => {
    const flags = checkedFlags(runFlagsSchema, values);
    const parameters = { ...checkedFlags(viewsConfigSchema, values), ...checkedWindow(values), ...checkedFit(values) };
    const config = { ...parameters, method: "tta", alpha: flags.alpha ?? null } as const;
    await runCommand(images, flags, () => ({ config, recipe: null }), context);
  });
}

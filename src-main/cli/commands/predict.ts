// `acclimate predict`: the checkpoint's own prediction of each image.
import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import { examples } from "../help.ts";
import { checkedFlags } from "../options/flag-values.ts";
import { addInputOptions, addMachineOptions, addOutputOptions, runFlagsSchema } from "../options/run-options.ts";
import { addFitOption, addWindowOptions, checkedFit, checkedWindow } from "../options/window-options.ts";
import { runCommand } from "../run/run-command.ts";

export function predictCommand(program: Command, context: CliContext): void {
  const command = program
    .command("predict")
    .summary("predict each image with the checkpoint as it is")
    .description("Predicts each image with the checkpoint as it is, in one pass or window by window.");
  addInputOptions(command);
  addWindowOptions(command);
  addFitOption(command);
  addOutputOptions(command);
  addMachineOptions(command);
  examples(command, [
    ["acclimate predict street.jpg --checkpoint model.pth", ""],
    ["acclimate predict aerial.tif --checkpoint model.pth --window 1024x1024 --overlap 256", "at full resolution"],
    ["acclimate predict images/ --checkpoint model.pth --labels labels/ --output predictions", ""],
  ]);
  command.action(async (images: string[], values: Record<string, unknown>) => {
    const flags = checkedFlags(runFlagsSchema, values);
    const window = checkedWindow(values);
    const config = { ...window, ...checkedFit(values), method: "predict", alpha: flags.alpha ?? null } as const;
    await runCommand(images, flags, () => ({ config, recipe: null }), context);
  });
}

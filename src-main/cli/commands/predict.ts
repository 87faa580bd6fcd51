// `acclimate predict`: the checkpoint's own prediction of each image.
import type { Command } from "commander";
import { predict } from "../../engine/methods/inference/predict.ts";
import type { CliContext } from "../context.ts";
import { examples } from "../help.ts";
import { checkedFlags } from "../options/flag-values.ts";
import { addInputOptions, addMachineOptions, addOutputOptions, runFlagsSchema } from "../options/run-options.ts";
import { runCommand } from "../run/run-command.ts";

export function predictCommand(program: Command, context: CliContext): void {
  const command = program
    .command("predict")
    .summary("predict each image with the checkpoint as it is")
    .description("Predicts each image with the checkpoint as it is, in one pass.");
  addInputOptions(command);
  addOutputOptions(command);
  addMachineOptions(command);
  examples(command, [
    ["acclimate predict street.jpg --checkpoint model.pth", ""],
    ["acclimate predict images/ --checkpoint model.pth --labels labels/ --output predictions", ""],
  ]);
  command.action(async (images: string[], values: Record<string, unknown>) => {
    const flags = checkedFlags(runFlagsSchema, values);
    await runCommand(
      images,
      flags,
      () => ({
        command: "predict",
        config: { alpha: flags.alpha ?? null },
        recipe: null,
        views: 0,
        iterations: 0,
        hasBefore: false,
        scoresName: "logits",
        run: async (model, image, options) => {
          const { scores } = await predict(model, image, options);
          return { scores, losses: [], pseudoLabel: null };
        },
      }),
      context,
    );
  });
}

// `acclimate importance-weights`: DA-SAC's second step, how much of each class lies in which target image.
import { basename, dirname, resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import { type LabelSet, labelSetFor } from "../../../src-shared/labels/label-sets.ts";
import { argmaxLabels } from "../../engine/images/argmax.ts";
import { decodeImage } from "../../engine/images/decode-image.ts";
import { countPredictions } from "../../engine/methods/da-sac/count-predictions.ts";
import { type CountOptions, countWeights } from "../../engine/methods/da-sac/count-weights.ts";
import { classesNeverSeen, type ImportanceWeights, maskNames } from "../../engine/methods/da-sac/importance-weights.ts";
import { requireWeightsExtension, writeWeightsFile } from "../../engine/methods/da-sac/weights-file.ts";
import { predict } from "../../engine/methods/inference/predict.ts";
import type { SegmentationModel } from "../../engine/methods/shared/segmentation-model.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import { runInputs } from "../inputs/run-inputs.ts";
import { openModel } from "../open-model.ts";
import { checkedFlags, numberFrom } from "../options/flag-values.ts";
import { addMachineOptions, labelSetOption, runFlagsSchema, weightsOption } from "../options/run-options.ts";
import { prepareOutputFolder } from "../run/output-folder.ts";
import { countText } from "../terminal/format.ts";

const ABOUT = `Writes how much of each class, as a model predicts it, lies in which image: DA-SAC's consistency step draws its target
images by that, so that rare classes come up as often as others.

Give either a folder of predictions, train ids in PNG files as \`acclimate predict\`, \`acclimate evaluate
--save-predictions\` or the original program leave them, or the images themselves and a checkpoint that predicts them.
Many images are best predicted by \`acclimate evaluate --save-predictions\`, which goes on where it was stopped.`;

const flagsSchema = runFlagsSchema
  .pick({
    checkpoint: true,
    weights: true,
    labelSet: true,
    numClasses: true,
    runtime: true,
    provider: true,
    threads: true,
  })
  .extend({ output: z.string("name the file to write").min(1, "name the file to write") });
type Flags = z.infer<typeof flagsSchema>;

const DEFAULT_CLASSES = 19;

export function importanceWeightsCommand(program: Command, context: CliContext): void {
  const command = program
    .command("importance-weights")
    .summary("count which classes lie in which target images (DA-SAC)")
    .description(paragraphs(ABOUT))
    .argument("<predictions...>", "a folder of predictions; with --checkpoint image files, or folders of them")
    .option("--checkpoint <file>", "predict the images first, with this model")
    .addOption(weightsOption())
    .addOption(labelSetOption())
    .option(
      "--num-classes <n>",
      "of predictions (default: 19), or refuse another checkpoint",
      numberFrom("--num-classes"),
    )
    .option("--output <file>", "what to write: .json, or .data as the original program does");
  addMachineOptions(command);
  examples(command, [
    ["acclimate importance-weights predictions --output weights.data", ""],
    ["acclimate importance-weights foggy/ --checkpoint baseline.pth --output weights.json", ""],
  ]);
  command.action(async (paths: string[], values: Record<string, unknown>) => {
    const flags = checkedFlags(flagsSchema, values);
    requireWeightsExtension(flags.output);
    const output = resolve(flags.output);
    await prepareOutputFolder(dirname(output), basename(output)); // before hours of predicting
    const { weights, labelSet } =
      flags.checkpoint === undefined
        ? await weightsOfPredictions(paths, flags, context)
        : await weightsOfImages(paths, flags.checkpoint, flags, context);
    context.terminal.clearProgress();
    await writeWeightsFile(output, weights);
    report(weights, labelSet, flags, context);
  });
}

interface Counted {
  readonly weights: ImportanceWeights;
  readonly labelSet: LabelSet;
}

async function weightsOfPredictions(paths: readonly string[], flags: Flags, context: CliContext): Promise<Counted> {
  const [folder, ...others] = paths;
  if (folder === undefined || others.length > 0) {
    throw new AppError("input.option", "Predictions lie in one folder; name that one, or images and --checkpoint.");
  }
  const labelSet = labelSetFor(flags.numClasses ?? DEFAULT_CLASSES);
  const count = (options: CountOptions) => countPredictions(resolve(folder), labelSet.numClasses, options);
  return { weights: await counted(count, context), labelSet };
}

async function weightsOfImages(
  paths: readonly string[],
  checkpoint: string,
  flags: Flags,
  context: CliContext,
): Promise<Counted> {
  const say = (line: string): void => context.terminal.notice(line);
  const asked = { sample: undefined, labels: undefined, labelEncoding: "trainIds", output: flags.output } as const;
  const inputs = await runInputs(paths, asked, { say });
  const { model, read } = await openModel(checkpoint, { ...flags, alpha: undefined }, context.terminal);
  try {
    const names = maskNames(inputs.map(({ name }) => `${name}.png`));
    const images = inputs.map(({ path }, k) => ({
      path,
      name: names[k] ?? path,
      predicted: () => predictedLabels(model, path, read.labelSet.numClasses, context.signal),
    }));
    const count = (options: CountOptions) => countWeights(images, read.labelSet.numClasses, options);
    return { weights: await counted(count, context), labelSet: read.labelSet };
  } finally {
    await model.dispose();
    await model.runtime.dispose();
  }
}

async function predictedLabels(model: SegmentationModel, path: string, numClasses: number, signal: AbortSignal) {
  const image = await decodeImage(path);
  const { scores } = await predict(model, image, { signal });
  return argmaxLabels(scores, numClasses, image.height, image.width);
}

async function counted(
  count: (options: CountOptions) => Promise<ImportanceWeights>,
  { terminal, signal }: CliContext,
): Promise<ImportanceWeights> {
  const onImage = (done: number, images: number, name: string): void => terminal.progress(`${done}/${images} ${name}`);
  try {
    return await count({ signal, onImage });
  } catch (error) {
    terminal.clearProgress();
    if (error instanceof CancelledError) terminal.notice("Nothing was written.");
    throw error;
  }
}

function report(weights: ImportanceWeights, labelSet: LabelSet, { output }: Flags, { terminal }: CliContext): void {
  terminal.print(`"${output}": shares of ${labelSet.numClasses} classes over ${countText(weights.size, "image")}.`);
  const unseen = classesNeverSeen(weights, labelSet.numClasses);
  if (unseen.length === 0) return;
  const named = unseen.map((id) => `${id} (${labelSet.names[id]})`).join(", ");
  terminal.notice(
    `Predicted nowhere: ${named}; the consistency step has to ignore ${unseen.length === 1 ? "it" : "them"}.`,
  );
}

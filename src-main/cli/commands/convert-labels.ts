// `acclimate convert-labels`: a data set's label files as train ids, for programs that convert nothing themselves.
import { resolve } from "node:path";
import { Argument, type Command } from "commander";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import {
  CONVERTED_DATASETS,
  type ConvertedDataset,
  convertLabelFile,
  isConverted,
  requireApart,
} from "../../engine/datasets/convert-labels.ts";
import { classPixels } from "../../engine/methods/entropy-balancing/open-source-pixels.ts";
import { type LabelStatistics, writeStatistics } from "../../engine/methods/entropy-balancing/statistics-files.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import { filesBelow } from "../inputs/files-below.ts";
import { createFolder } from "../run/output-folder.ts";
import { countText } from "../terminal/format.ts";

const ABOUT = `Writes the label files of Cityscapes, GTA5 or SYNTHIA as PNG files of train ids, 0 to 18 and 255 for what is ignored,
under the same names and in the same subfolders. Acclimate itself reads the originals; other programs of domain adaptation
want the converted ones, in \`gtFine2\` of Cityscapes and \`labels_cs\` of the others, where Acclimate finds them too.

A label file without a single class is left out, as in the original program.`;

/** Left-out files that are named; of the others only the number is told. */
const NAMED = 3;

export function convertLabelsCommand(program: Command, context: CliContext): void {
  const command = program
    .command("convert-labels")
    .summary("write a data set's labels as train ids")
    .description(paragraphs(ABOUT))
    .addArgument(new Argument("<dataset>", "whose ids they are").choices(CONVERTED_DATASETS))
    .argument("<input>", "the folder of label files, searched with all its subfolders")
    .argument("<output>", "the folder to write to")
    .option(
      "--statistics <folder>",
      "also count the pixels of each class, into files in this folder that rare class sampling reads: that of the data set",
    );
  examples(command, [
    ["acclimate convert-labels gta game/labels game/labels_cs", ""],
    ["acclimate convert-labels cs cityscapes/gtFine cityscapes/gtFine2", ""],
    ["acclimate convert-labels gta gta/labels gta/labels_cs --statistics gta", "with what rare class sampling needs"],
  ]);
  command.action((dataset: ConvertedDataset, input: string, output: string, { statistics }: Flags) =>
    convert(dataset, input, output, statistics, context),
  );
}

interface Flags {
  /** The folder to write class statistics to. */
  readonly statistics?: string;
}

async function convert(
  dataset: ConvertedDataset,
  input: string,
  output: string,
  statistics: string | undefined,
  context: CliContext,
): Promise<void> {
  const { terminal, signal } = context;
  requireApart(resolve(input), resolve(output));
  const files = (await filesBelow(resolve(input))).filter((path) => isConverted(path, dataset));
  if (files.length === 0) {
    throw new AppError("input.unreadable", `"${input}" holds no label files of "${dataset}"; name their folder.`);
  }
  const leftOut: string[] = [];
  const counted: LabelStatistics[] = [];
  let written = 0;
  for (const [done, path] of files.entries()) {
    if (signal.aborted) {
      terminal.clearProgress();
      terminal.notice(`${written} of ${countText(files.length, "label file")} converted, in "${output}".`);
      throw new CancelledError();
    }
    terminal.progress(`${done}/${files.length} ${path}`);
    const labels = await convertLabelFile(path, resolve(input), resolve(output), dataset);
    if (labels === null) leftOut.push(path);
    else {
      written += 1;
      // The original's converter of Cityscapes counts the training images alone.
      if (dataset !== "cs" || /[\\/]train[\\/]/.test(path)) counted.push({ file: path, pixels: classPixels(labels) });
    }
  }
  terminal.clearProgress();
  terminal.print(`"${output}": ${countText(written, "label file")}.`);
  if (statistics !== undefined) {
    await createFolder(statistics);
    await writeStatistics(statistics, counted);
    terminal.print(`"${statistics}": statistics of ${countText(counted.length, "label file")}.`);
  }
  if (leftOut.length === 0) return;
  const named = leftOut.slice(0, NAMED).map((path) => `"${path}"`);
  const more = leftOut.length > NAMED ? ` and ${leftOut.length - NAMED} more` : "";
  terminal.notice(`Left out, because there is no class in them: ${named.join(", ")}${more}.`);
}

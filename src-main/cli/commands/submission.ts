// `acclimate submission`: the archive that a benchmark's server takes.
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { BENCHMARKS } from "../../engine/evaluation/benchmarks.ts";
import { writeSubmission } from "../../engine/evaluation/write-submission.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";

const ABOUT = `Packs the saved predictions of an evaluation as a benchmark's server wants them.

Names, sizes and ids are checked first: what the server would refuse is named, and nothing is written. Evaluate with
--save-predictions on the benchmark's test images at their own size.`;

export function submissionCommand(program: Command, { terminal, signal }: CliContext): void {
  const command = program
    .command("submission")
    .summary("pack predictions for a benchmark's server")
    .description(paragraphs(ABOUT))
    .argument("<evaluation>", "the folder that `acclimate evaluate --save-predictions` wrote")
    .addOption(
      new Option("--benchmark <name>", "whose server it is for")
        .choices(BENCHMARKS.map(({ id }) => id))
        .makeOptionMandatory(),
    )
    .requiredOption("--output <file>", "the .zip to write");
  examples(command, [["acclimate submission test-results --benchmark cityscapes --output submission.zip", ""]]);
  command.action(async (folder: string, { benchmark: id, output }: { benchmark: string; output: string }) => {
    const benchmark = BENCHMARKS.find((each) => each.id === id);
    if (benchmark === undefined) return; // commander lets only known ones through
    const { files, path } = await writeSubmission(resolve(folder), benchmark, resolve(output), signal);
    terminal.print(
      `"${path}": ${files} label files for ${benchmark.name}, ${benchmark.width} x ${benchmark.height}, ${benchmark.ids}.`,
    );
  });
}

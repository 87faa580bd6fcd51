// The command line's tree of commands and what they have in common.
import { styleText } from "node:util";
import { Command, type Option } from "commander";
import { adaptCommand } from "./commands/adapt.ts";
import { convertLabelsCommand } from "./commands/convert-labels.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { exportCommand } from "./commands/export.ts";
import { importanceWeightsCommand } from "./commands/importance-weights.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { hardPatchesCommand, pseudoLabelsCommand } from "./commands/label-target.ts";
import { predictCommand } from "./commands/predict.ts";
import { sampleCommand } from "./commands/sample.ts";
import { serveCommand } from "./commands/serve.ts";
import { stylizeCommand } from "./commands/stylize.ts";
import { submissionCommand } from "./commands/submission.ts";
import { trainCommand } from "./commands/train.ts";
import { ttaCommand } from "./commands/tta.ts";
import { tuneCommand } from "./commands/tune.ts";
import type { CliContext } from "./context.ts";
import { exitCodeLines, HELP_WIDTH, paragraphs } from "./help.ts";

const ABOUT = `Adapts a semantic-segmentation model to images it was not trained on: one image at
a time, without labels.`;

const START = `Start here
  acclimate serve                 open the workbench in your browser
  acclimate adapt --sample        see what it does, on built-in street images
  acclimate inspect model.pth     see what is in a checkpoint
  acclimate doctor                see what this machine can compute with`;

const MORE = `\`acclimate <command> --help\` shows the options of a command. Results are printed
on stdout, progress and problems on stderr. Ctrl-C stops after the current step;
images that are finished stay.`;

/** With the values to choose from and the default, where the words do not say them already. */
function optionDescription({ description, argChoices, defaultValue }: Option): string {
  if (description.includes("(default")) return description;
  const choices = argChoices === undefined ? "" : `: ${argChoices.join(", ")}`;
  const hasDefault = defaultValue !== undefined && defaultValue !== false;
  return `${description}${choices}${hasDefault ? ` (default: ${defaultValue})` : ""}`;
}

export function createProgram(context: CliContext): Command {
  const program = new Command("acclimate")
    .description(paragraphs(ABOUT))
    .version(context.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({
      helpWidth: Math.min(HELP_WIDTH, context.terminal.columns),
      // Bold in a terminal; commander strips it elsewhere, and where NO_COLOR is set.
      styleTitle: (title) => styleText("bold", title, { validateStream: false }),
      // What stands behind it is in its own help.
      subcommandTerm: (command) => command.name(),
      optionDescription,
    })
    .configureOutput({ outputError: () => undefined }); // main.ts says every error, once
  program.commandsGroup("Workbench");
  serveCommand(program, context);
  program.commandsGroup("Predict");
  adaptCommand(program, context);
  ttaCommand(program, context);
  predictCommand(program, context);
  program.commandsGroup("Measure");
  evaluateCommand(program, context);
  tuneCommand(program, context);
  submissionCommand(program, context);
  program.commandsGroup("Train, look, prepare");
  trainCommand(program, context);
  importanceWeightsCommand(program, context);
  pseudoLabelsCommand(program, context);
  hardPatchesCommand(program, context);
  inspectCommand(program, context);
  exportCommand(program, context);
  doctorCommand(program, context);
  sampleCommand(program, context);
  convertLabelsCommand(program, context);
  stylizeCommand(program, context);
  program.addHelpText("after", ["", START, "", ...exitCodeLines(), "", MORE].join("\n"));
  return program;
}

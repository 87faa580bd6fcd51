// Entry of the command line: runs one command, says what went wrong, answers with an exit code.
import { CommanderError } from "commander";
import { AppError, BugError, CancelledError } from "../../src-shared/contract/errors.ts";
import { packageVersion } from "../files/package-root.ts";
import type { CliContext } from "./context.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { listenForInterruption } from "./interruption.ts";
import { joinNumberLists } from "./options/flag-values.ts";
import { NUMBER_LIST_FLAGS } from "./options/run-options.ts";
import { createProgram } from "./program.ts";
import { jsonText } from "./run/json-text.ts";
import { Terminal } from "./terminal/terminal.ts";

const terminal = new Terminal(process.stdout, process.stderr, process.env.TERM);
const args = process.argv.slice(2);
const interruption = listenForInterruption(terminal, process);
const context: CliContext = {
  terminal,
  signal: interruption.signal,
  answerInterruptionWith: interruption.answerWith,
  version: packageVersion(),
  setExitCode: (code) => {
    process.exitCode = code;
  },
};

try {
  await createProgram(context).parseAsync(joinNumberLists(args, NUMBER_LIST_FLAGS), { from: "user" });
} catch (error) {
  process.exitCode = exitCodeOf(error);
  if (process.exitCode !== EXIT.ok) explain(error);
}
terminal.clearProgress();

function explain(error: unknown): void {
  // The help itself was the answer.
  if (error instanceof CommanderError && error.code === "commander.help") return;
  const message = sentenceOf(error);
  terminal.notice(`acclimate: ${message}`);
  // Whoever reads JSON gets JSON, unless the results themselves were printed already.
  if (args.includes("--json") && !terminal.hasPrinted) {
    terminal.print(jsonText({ error: { code: codeOf(error), message } }));
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (error instanceof CancelledError) return "stopped, as you asked.";
  if (error instanceof CommanderError) return usageSentence(error);
  if (error instanceof BugError) return error.stack ?? error.message;
  return `unexpected error, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** Commander's words as one sentence; a suggestion is on a line of its own there. */
function usageSentence({ message }: CommanderError): string {
  const words = message.replace(/^error: /, "").replace(/\n\(Did you mean (.*)\?\)$/, "; did you mean $1?");
  const sentence = words.replace(/\.$/, "");
  return `${sentence}${sentence.endsWith("?") ? " See" : "; see"} \`acclimate --help\`.`;
}

function codeOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  if (error instanceof CancelledError) return "cancelled";
  return error instanceof CommanderError ? "input.option" : "unexpected";
}

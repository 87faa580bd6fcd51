// How the help looks: groups, examples, exit codes, 80 columns.
import type { Command } from "commander";
import { EXIT_CODE_HELP } from "./exit-codes.ts";

export const HELP_WIDTH = 80;

/** Text as the help wants it: one line a paragraph, which it wraps itself. */
export function paragraphs(text: string): string {
  return text.replace(/(?<!\n)\n(?!\n)/g, " ");
}

/** Command lines with what they do, at the end of a command's help. */
export function examples(command: Command, list: readonly (readonly [commandLine: string, meaning: string])[]): void {
  const lines = list.flatMap(([commandLine, meaning]) => {
    const line = foldedCommandLine(commandLine);
    return meaning === "" ? line : [`  # ${meaning}`, ...line];
  });
  command.addHelpText("after", ["", "Examples", ...lines].join("\n"));
}

export function exitCodeLines(): string[] {
  return ["Exit codes", ...EXIT_CODE_HELP.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`)];
}

/** A command line that is too long for the help goes on in the next line, as a shell would read it. */
function foldedCommandLine(commandLine: string): string[] {
  const lines: string[] = [];
  let line = " ";
  // A flag stays together with its values.
  for (const part of commandLine.split(/ (?=--?\w)/)) {
    if (line.length + part.length + 1 > HELP_WIDTH - 2) {
      lines.push(`${line} \\`);
      line = "     ";
    }
    line += ` ${part}`;
  }
  return [...lines, line];
}

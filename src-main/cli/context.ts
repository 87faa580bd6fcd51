// What every command is given: where text goes, how it is stopped, what it answers.
import type { ExitCode } from "./exit-codes.ts";
import type { Interruption } from "./interruption.ts";
import type { Terminal } from "./terminal/terminal.ts";

export interface CliContext {
  readonly terminal: Terminal;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** For a command that answers Ctrl-C in its own way. */
  readonly answerInterruptionWith: Interruption["answerWith"];
  readonly version: string;
  /** For a command that ends normally and still has something to tell the shell. */
  setExitCode(code: ExitCode): void;
}

// What the command line answers to the shell.
import { CommanderError } from "commander";
import { AppError, CancelledError, type ErrorCode } from "../../src-shared/contract/errors.ts";

export const EXIT = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  input: 3,
  output: 4,
  someFailed: 5,
  cancelled: 130, // what shells give for a program that Ctrl-C ended
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** As the help shows them. */
export const EXIT_CODE_HELP: readonly (readonly [ExitCode, string])[] = [
  [EXIT.ok, "done"],
  [EXIT.unexpected, "unexpected: a bug, or the runtime failed; please report it"],
  [EXIT.usage, "the command line makes no sense, or asks for more than this machine has"],
  [EXIT.input, "an image, label file or checkpoint was refused, or gave no result"],
  [EXIT.output, "the output could not be written"],
  [EXIT.someFailed, "some of several images failed, the others are finished"],
  [EXIT.cancelled, "stopped by Ctrl-C; finished images stay"],
];

/** The exit code for what ended a command. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CancelledError) return EXIT.cancelled;
  if (error instanceof AppError) return exitCodeOfError(error.code);
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  return EXIT.unexpected;
}

function exitCodeOfError(code: ErrorCode): ExitCode {
  switch (code) {
    case "input.option":
    case "runtime.unavailable":
    case "machine.short":
    case "workspace.locked":
    case "workspace.newer":
      return EXIT.usage;
    case "input.missing":
    case "input.unreadable":
    case "image.format":
    case "image.damaged":
    case "image.size":
    case "label.size":
    case "label.ids":
    case "checkpoint.format":
    case "checkpoint.damaged":
    case "checkpoint.hostile":
    case "checkpoint.architecture":
    case "checkpoint.operator":
    case "checkpoint.mismatch":
    case "checkpoint.values":
    case "checkpoint.classes":
    case "method.diverged":
    case "run.differs":
    case "input.outside":
    case "workspace.damaged":
    case "workspace.unknown":
      return EXIT.input;
    case "output.unwritable":
    case "output.diskFull":
      return EXIT.output;
    case "graph.shapeMismatch":
    case "runtime.failed":
    case "engine.ended":
    case "engine.failed":
      return EXIT.unexpected;
    default:
      code satisfies never;
      return EXIT.unexpected; // a code from a newer engine
  }
}

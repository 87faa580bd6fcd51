// Ctrl-C: the first asks the command to stop, which most do between steps; the second ends the process at once.
import { discardUnfinishedFiles } from "../files/write-file-atomically.ts";
import { EXIT } from "./exit-codes.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** Of a process what is needed here. */
export type InterruptibleProcess = Pick<NodeJS.Process, "exit"> & {
  on(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
};

/**
 * A Ctrl-C in a terminal reaches this process twice, from the terminal and from the launcher, which passes on what it
 * gets. Two that close together are one key press.
 */
const SAME_KEY_PRESS_MS = 200;

const BETWEEN_STEPS = "Stopping after the current step; press Ctrl-C again to stop at once.";

export interface Interruption {
  /** What the first SIGINT or SIGTERM aborts. */
  readonly signal: AbortSignal;
  /** For a command that does not stop between steps: what the first one is answered with instead. */
  readonly answerWith: (sentence: string) => void;
}

export function listenForInterruption(terminal: Pick<Terminal, "notice">, process: InterruptibleProcess): Interruption {
  let answer = BETWEEN_STEPS;
  const controller = new AbortController();
  let firstAt = 0;
  const onSignal = (): void => {
    const now = performance.now();
    if (!controller.signal.aborted) {
      firstAt = now;
      terminal.notice(answer);
      controller.abort();
      return;
    }
    if (now - firstAt < SAME_KEY_PRESS_MS) return;
    discardUnfinishedFiles();
    process.exit(EXIT.cancelled);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    answerWith: (sentence) => {
      answer = sentence;
    },
  };
}

// Ctrl-C: the first asks the command to stop between steps, the second ends the process at once.
import { discardUnfinishedFiles } from "../engine/files/write-file-atomically.ts";
import { EXIT } from "./exit-codes.ts";
import type { Terminal } from "./terminal/terminal.ts";

/**
 * A Ctrl-C in a terminal reaches this process twice, from the terminal and from the launcher, which passes on what it
 * gets. Two that close together are one key press.
 */
const SAME_KEY_PRESS_MS = 200;

/** The signal that the first SIGINT or SIGTERM aborts. */
export function interruptionSignal(terminal: Terminal): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const onSignal = (): void => {
    const now = performance.now();
    if (!controller.signal.aborted) {
      firstAt = now;
      terminal.notice("Stopping after the current step; press Ctrl-C again to stop at once.");
      controller.abort();
      return;
    }
    if (now - firstAt < SAME_KEY_PRESS_MS) return;
    discardUnfinishedFiles();
    process.exit(EXIT.cancelled);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return controller.signal;
}

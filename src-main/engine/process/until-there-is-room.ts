// Holds a run, an evaluation or a training while the disk is full: what it has computed so far is worth waiting for.
import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { stopIfCancelled } from "../methods/shared/cancellation.ts";

const AGAIN_MS = 2000;

export interface WaitForRoom {
  readonly signal: AbortSignal;
  /** Called once, with the sentence, when the wait begins. */
  readonly onFull: (message: string) => void;
  readonly againMs?: number;
}

/**
 * Writes, and on a full disk writes again until there is room.
 *
 * @throws what writing throws for any other reason; CancelledError while it waits
 */
export async function untilThereIsRoom(write: () => Promise<void>, options: WaitForRoom): Promise<void> {
  const { signal, onFull, againMs = AGAIN_MS } = options;
  let isTold = false;
  while (true) {
    const full = await write().then(() => null, diskFull);
    if (full === null) return;
    if (!isTold) onFull(`${full.message} It waits until there is room.`);
    isTold = true;
    await pause(againMs, undefined, { signal }).catch(() => undefined);
    stopIfCancelled(signal);
  }
}

function diskFull(error: unknown): AppError {
  if (error instanceof AppError && error.code === "output.diskFull") return error;
  throw error;
}

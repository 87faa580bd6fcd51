// Stopping between steps.
import { CancelledError } from "../../../../src-shared/contract/errors.ts";

/** @throws CancelledError when the user has asked to stop */
export function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}

// Stopping between steps, and while something else is waited for.
import { CancelledError } from "../../../../src-shared/contract/errors.ts";

/** @throws CancelledError when the user has asked to stop */
export function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}

/**
 * What the promise gives. Whoever asks to stop meanwhile is not kept waiting: the promise goes on, and nobody hears of it.
 *
 * @throws CancelledError; what the promise throws
 */
export async function untilCancelled<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  promise.catch(() => undefined); // whoever stops waits for it no more
  stopIfCancelled(signal);
  const stopped = Promise.withResolvers<never>();
  const stop = (): void => stopped.reject(new CancelledError());
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([promise, stopped.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

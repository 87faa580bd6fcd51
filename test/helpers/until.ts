// Waiting for what nothing announces. No limit of its own: a test takes as long as the machine does, and only what hangs is ended.
import { vi } from "vitest";

const EVERY_MS = 5;
/** Far above what anything takes; vitest's own limit comes before it. */
const NEVER_MS = 3_600_000;

/** Returns once the condition holds. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
}

/** Returns once the assertions hold; asks again for as long as they throw. */
export function untilPassing<T>(assertions: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(assertions, { timeout: NEVER_MS, interval: EVERY_MS });
}

/** Returns when all that only waits for promises, not for a timer, a file or a process, has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

// What a window has in its forms outlives a reload of it, and stays its own: two windows never share a form.

import type { z } from "zod";
import type { StoreApi } from "zustand";

const PREFIX = "acclimate.";

/**
 * Gives a store what this window kept of it before it was reloaded, and keeps every change from here on. What this version
 * can't read is forgotten.
 *
 * @param name  of the place in the window's session storage; where there is none, as in tests, nothing is kept
 * @param schema  of the part of the state that is kept
 */
export function keepOverReload<State extends object, Kept extends Partial<State>>(
  name: string,
  store: Pick<StoreApi<State>, "getState" | "setState" | "subscribe">,
  schema: z.ZodType<Kept>,
  storage: Storage | undefined = windowStorage(),
): void {
  if (storage === undefined) return;
  const kept = schema.safeParse(parsed(storage.getItem(PREFIX + name)));
  if (kept.success) store.setState(kept.data as Partial<State>); // a part of the state, by its type
  store.subscribe((state) => {
    const part = schema.safeParse(state);
    if (part.success) storage.setItem(PREFIX + name, JSON.stringify(part.data));
  });
}

function windowStorage(): Storage | undefined {
  return typeof window === "undefined" ? undefined : window.sessionStorage;
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

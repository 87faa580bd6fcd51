// Asking for a path: the native dialog in the desktop window, our own over the server's folders in a browser.
import { create } from "zustand";
import type { ChooseKind } from "../../src-shared/contract/desktop-bridge.ts";
import { desktop } from "./desktop.ts";

interface PathQuestion {
  readonly kind: ChooseKind;
  /** Why it is asked, where that is not plain from the button that was pressed. */
  readonly reason: string | null;
  readonly answer: (path: string | null) => void;
}

/** The question that our own dialog shows; null while there is none. */
export const usePathQuestion = create<{ readonly question: PathQuestion | null }>(() => ({ question: null }));

/** Null when the user changed their mind. */
export async function choosePath(kind: ChooseKind, reason: string | null = null): Promise<string | null> {
  if (desktop !== null) return desktop.choose(kind);
  usePathQuestion.getState().question?.answer(null);
  const { promise, resolve } = Promise.withResolvers<string | null>();
  usePathQuestion.setState({ question: { kind, reason, answer: resolve } });
  return promise.finally(() => usePathQuestion.setState({ question: null }));
}

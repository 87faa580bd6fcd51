// Asking for a path: the native dialog in the desktop window, our own over the server's folders in a browser.
import { create } from "zustand";
import type { ChooseKind } from "../../src-shared/contract/desktop-bridge.ts";
import { ask, type QuestionState } from "./ask.ts";
import { desktop } from "./desktop.ts";

interface PathWanted {
  readonly kind: ChooseKind;
  /** Why it is asked, where that is not plain from the button that was pressed. */
  readonly reason: string | null;
}

export const usePathQuestion = create<QuestionState<PathWanted, string | null>>(() => ({ question: null }));

/** Null when the user changed their mind. */
export async function choosePath(kind: ChooseKind, reason: string | null = null): Promise<string | null> {
  if (desktop !== null) return desktop.choose(kind);
  return ask(usePathQuestion, { kind, reason }, null);
}

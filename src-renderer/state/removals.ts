// Removing with a way back: the thing disappears at once, and is removed for good only when it can't be undone so easily.
import { create } from "zustand";
import { type Change, forget, perform } from "./history.ts";
import { tellFailure } from "./tell.ts";

/** Ids that are shown no more. */
export const useRemovals = create<{ readonly hidden: ReadonlySet<string> }>(() => ({ hidden: new Set() }));

/** As long as the message with the "Undo" button stays. */
export const REMOVAL_DELAY_MS = 8000;

export interface Removal {
  readonly id: string;
  /** As in "remove Night drives". */
  readonly label: string;
  readonly remove: () => Promise<unknown>;
  /** Brings it back after it was removed for good; null where nothing can. */
  readonly restore: (() => Promise<unknown>) | null;
}

function setHidden(id: string, isHidden: boolean): void {
  useRemovals.setState(({ hidden }) => {
    const next = new Set(hidden);
    if (isHidden) next.add(id);
    else next.delete(id);
    return { hidden: next };
  });
}

/** Hides it now and removes it after a while, unless it is undone before. */
export function removeUndoable({ id, label, remove, restore }: Removal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const removeForGood = () => {
    timer = undefined;
    if (restore === null) forget(change);
    remove().catch((error: unknown) => {
      setHidden(id, false);
      tellFailure(`Could not ${label}`, error);
    });
  };
  const change: Change = {
    label,
    redo: () => {
      setHidden(id, true);
      timer = setTimeout(removeForGood, REMOVAL_DELAY_MS);
    },
    undo: () => {
      setHidden(id, false);
      if (timer === undefined) restore?.().catch((error: unknown) => tellFailure(`Could not undo: ${label}`, error));
      clearTimeout(timer);
      timer = undefined;
    },
  };
  perform(change);
}

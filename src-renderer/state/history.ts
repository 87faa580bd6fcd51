// Undo and redo: a stack of changes that know how to take themselves back.
import { create } from "zustand";

/** A change that has been made. Both functions set values; they never toggle, so that order does not matter twice. */
export interface Change {
  /** What was done, as in "Undo: hide car". */
  readonly label: string;
  readonly undo: () => void;
  readonly redo: () => void;
}

export interface ChangeStack {
  readonly done: readonly Change[];
  readonly undone: readonly Change[];
}

/** More steps than anybody takes back one by one. */
export const CHANGE_LIMIT = 200;

export const EMPTY_STACK: ChangeStack = { done: [], undone: [] };

/** A new change ends what could be redone. */
export function pushed(stack: ChangeStack, change: Change): ChangeStack {
  return { done: [...stack.done, change].slice(-CHANGE_LIMIT), undone: [] };
}

/** The stack after one step back, and the change to take back; null when there is none. */
export function steppedBack({ done, undone }: ChangeStack): { stack: ChangeStack; change: Change } | null {
  const change = done.at(-1);
  return change === undefined ? null : { stack: { done: done.slice(0, -1), undone: [...undone, change] }, change };
}

/** The stack after one step forward, and the change to make again; null when there is none. */
export function steppedForward({ done, undone }: ChangeStack): { stack: ChangeStack; change: Change } | null {
  const change = undone.at(-1);
  return change === undefined ? null : { stack: { done: [...done, change], undone: undone.slice(0, -1) }, change };
}

interface History extends ChangeStack {
  /** Records a change that has already been made. */
  readonly push: (change: Change) => void;
  readonly undo: () => void;
  readonly redo: () => void;
}

export const useHistory = create<History>((set, get) => ({
  ...EMPTY_STACK,
  push: (change) => set(pushed(get(), change)),
  undo: () => {
    const step = steppedBack(get());
    if (step === null) return;
    set(step.stack);
    step.change.undo();
  },
  redo: () => {
    const step = steppedForward(get());
    if (step === null) return;
    set(step.stack);
    step.change.redo();
  },
}));

/** Makes a change and records it. */
export function perform(change: Change): void {
  change.redo();
  useHistory.getState().push(change);
}

/** Takes a change off both stacks: from here on nothing brings it back, and Undo must not claim so. */
export function forget(change: Change): void {
  useHistory.setState(({ done, undone }) => ({
    done: done.filter((other) => other !== change),
    undone: undone.filter((other) => other !== change),
  }));
}

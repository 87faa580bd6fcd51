// Short messages over the window: what failed, what was done and how to take it back.
import { notifications } from "@mantine/notifications";
import { createElement, type ReactNode } from "react";

/** The sentence of a failure. The server's errors are written for users; anything else is a bug of ours. */
export function sentenceOf(error: unknown): string {
  if (error instanceof TypeError && /fetch|network/i.test(error.message)) return "The server does not answer.";
  return error instanceof Error ? error.message : String(error);
}

/** Something the user asked for did not happen. Stays until it is closed. */
export function tellFailure(title: string, error: unknown): void {
  notifications.show({ title, message: sentenceOf(error), color: "red", autoClose: false });
}

export function tell(message: string): void {
  notifications.show({ message, autoClose: 4000 });
}

/** Longer than other messages: taking back is only possible while it is seen. */
const UNDO_MS = 8000;

/** Says what was done, with a button that takes it back. */
export function tellUndoable(message: string, undo: () => void, undoButton: (onClick: () => void) => ReactNode): void {
  const id = notifications.show({
    autoClose: UNDO_MS,
    message: createElement(
      "span",
      null,
      message,
      " ",
      undoButton(() => {
        notifications.hide(id);
        undo();
      }),
    ),
  });
}

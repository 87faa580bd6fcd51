// Short messages over the window: what failed, what was done and how to take it back.
import { notifications } from "@mantine/notifications";
import { createElement } from "react";
import { UndoMessage } from "../components/undo-message.tsx";
import { useHistory } from "./history.ts";
import { CLOSE_BUTTON, showMessage } from "./messages.ts";

/** The sentence of a failure. The server's errors are written for users; anything else is a bug of ours. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return /failed to fetch|networkerror|load failed/i.test(error.message)
    ? "The server does not answer."
    : error.message;
}

/** Something the user asked for did not happen. */
export function tellFailure(title: string, error: unknown): void {
  showMessage({ level: "error", title, text: sentenceOf(error) });
}

export function tell(message: string): void {
  notifications.show({ message, autoClose: 4000, closeButtonProps: CLOSE_BUTTON });
}

/** Says what was just done, with a button that takes it back as Undo would, for so long. */
export function tellUndoable(message: string, durationMs: number): void {
  const change = useHistory.getState().done.at(-1);
  const id = notifications.show({
    autoClose: durationMs,
    closeButtonProps: CLOSE_BUTTON,
    message: createElement(UndoMessage, {
      message,
      onUndo: () => {
        notifications.hide(id);
        // By now something else may have been done: then the order of the stack decides, as with the keys.
        if (useHistory.getState().done.at(-1) === change) useHistory.getState().undo();
        else change?.undo();
      },
    }),
  });
}

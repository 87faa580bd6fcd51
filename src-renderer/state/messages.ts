// What was said over the window: it goes away by itself, and can be read again afterwards.
import { notifications } from "@mantine/notifications";
import { create } from "zustand";

export type MessageLevel = "info" | "warning" | "error";

export interface Message {
  readonly id: string;
  readonly level: MessageLevel;
  /** What did not happen; null where the text says all. */
  readonly title: string | null;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** The run, evaluation, tuning or training it is of: when that has ended, nobody needs it over the window any more. */
  readonly about: string | null;
}

export interface Messages {
  /** The newest first. */
  readonly list: readonly Message[];
  /** That came since the list was looked at. */
  readonly unread: number;
}

export const useMessages = create<Messages>(() => ({ list: [], unread: 0 }));

const MOST_KEPT = 100;
const COLORS: Readonly<Record<MessageLevel, string>> = { info: "gray", warning: "yellow", error: "red" };
/** Long enough to be read: they cover what lies below them, and stay in the list. */
const SHOWN_MS: Readonly<Record<MessageLevel, number>> = { info: 6000, warning: 12_000, error: 20_000 };
export const CLOSE_BUTTON = { "aria-label": "Close" } as const;

export function withMessage({ list, unread }: Messages, message: Message): Messages {
  const others = list.filter(({ id }) => id !== message.id);
  return { list: [message, ...others].slice(0, MOST_KEPT), unread: unread + 1 };
}

/** @param said  an id of its own: said again it is not shown twice */
export function showMessage(said: Pick<Message, "level" | "text"> & Partial<Message>): void {
  const message: Message = { id: crypto.randomUUID(), title: null, about: null, atMs: Date.now(), ...said };
  const { id, level, title, text } = message;
  useMessages.setState((messages) => withMessage(messages, message));
  notifications.show({
    id,
    ...(title === null ? {} : { title }),
    message: text,
    color: COLORS[level],
    autoClose: SHOWN_MS[level],
    closeButtonProps: CLOSE_BUTTON,
  });
}

/** The run, evaluation, tuning or training has ended: what was said of it leaves the window and stays in the list. */
export function hideMessagesAbout(about: string): void {
  for (const message of useMessages.getState().list) if (message.about === about) notifications.hide(message.id);
}

export function markMessagesRead(): void {
  useMessages.setState({ unread: 0 });
}

export function clearMessages(): void {
  notifications.clean();
  useMessages.setState({ list: [], unread: 0 });
}

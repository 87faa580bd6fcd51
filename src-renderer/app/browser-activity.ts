// In a browser the tab says how far the work is, in its title and its icon, and a notification when something has ended
// while somebody looks elsewhere. The desktop window does the same by itself.
import {
  type Activity,
  activityAfter,
  NO_ACTIVITY,
  notificationFor,
} from "../../src-shared/contract/workbench/activity.ts";
import { desktop } from "../state/desktop.ts";
import { onWorkbenchEvent } from "../state/events.ts";

const NAME = "Acclimate";
/** Drawn anew at most so often: icons are not made for films. */
const INTERVAL_MS = 500;

/** Until the returned function is called. */
export function showActivity(): () => void {
  if (desktop !== undefined) return () => undefined;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const ownIcon = icon?.href ?? "";
  let activity: Activity = NO_ACTIVITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const draw = (): void => {
    timer = undefined;
    document.title = titleOf(activity);
    if (icon !== null) icon.href = activity.progress === null ? ownIcon : iconOf(activity.progress);
  };
  const stop = onWorkbenchEvent((event) => {
    const before = activity;
    activity = activityAfter(before, event);
    const note = notificationFor(event, before);
    if (note !== null) notifyElsewhere(note);
    if (activity !== before) timer ??= setTimeout(draw, INTERVAL_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** "42 % · Acclimate" */
export function titleOf({ progress }: Activity): string {
  return progress === null ? NAME : `${Math.floor(100 * progress)} % · ${NAME}`;
}

/** A ring that closes, as an address. */
export function iconOf(progress: number): string {
  const length = 2 * Math.PI * 9;
  const ring = (color: string, dash: string): string =>
    `<circle cx="12" cy="12" r="9" fill="none" stroke="${color}" stroke-width="5" stroke-dasharray="${dash}" transform="rotate(-90 12 12)"/>`;
  const done = `${(length * Math.min(1, Math.max(0, progress))).toFixed(1)} ${length.toFixed(1)}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${ring("#8884", "none")}${ring("#26a898", done)}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

function notifyElsewhere({ title, body }: { readonly title: string; readonly body: string }): void {
  if (document.hasFocus() || !("Notification" in window) || Notification.permission !== "granted") return;
  const notification = new Notification(title, { body });
  notification.onclick = () => {
    window.focus();
    notification.close();
  };
}

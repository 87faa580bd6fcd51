// Shows the work on the desktop: progress on the icon, no sleep meanwhile, a notification for who looks elsewhere.
import { type BrowserWindow, Notification, powerSaveBlocker } from "electron";
import {
  type Activity,
  activityAfter,
  NO_ACTIVITY,
  notificationFor,
} from "../../src-shared/contract/workbench/activity.ts";
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";

export class DesktopActivity {
  readonly #window: BrowserWindow;
  #activity: Activity = NO_ACTIVITY;
  #blocker: number | null = null;

  constructor(window: BrowserWindow) {
    this.#window = window;
  }

  get isBusy(): boolean {
    return this.#activity.active.size > 0;
  }

  hear(event: WorkbenchEvent | { readonly type: "missed" }): void {
    const before = this.#activity;
    this.#activity = activityAfter(before, event);
    if (this.#window.isDestroyed()) return;
    this.#window.setProgressBar(this.#activity.progress ?? -1);
    this.#keepAwake();
    const note = notificationFor(event, before);
    if (note === null || this.#window.isFocused() || !Notification.isSupported()) return;
    const notification = new Notification(note);
    notification.on("click", () => this.#window.show());
    notification.show();
  }

  #keepAwake(): void {
    if (this.isBusy && this.#blocker === null) this.#blocker = powerSaveBlocker.start("prevent-app-suspension");
    if (!this.isBusy && this.#blocker !== null) {
      powerSaveBlocker.stop(this.#blocker);
      this.#blocker = null;
    }
  }
}

// The Electron window's additions to the page; null in a browser, where the page has its own dialogs.
import type { DesktopBridge } from "../../src-shared/contract/desktop-bridge.ts";

declare global {
  interface Window {
    readonly acclimate?: DesktopBridge;
  }
}

export const desktop: DesktopBridge | null = globalThis.window?.acclimate ?? null;

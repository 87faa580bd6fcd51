// The one window: where it was last, closed off from the system, showing the page of this launch's server.
import { join } from "node:path";
import { BrowserWindow, nativeTheme, screen } from "electron";
import { boundsOnDisplays, MIN_HEIGHT_PX, MIN_WIDTH_PX, type WindowState } from "./window-state.ts";
import { readWindowState, writeWindowState } from "./window-state-file.ts";

/** The page's own background, so that nothing flashes before it is drawn. */
const BACKGROUND = { dark: "#141517", light: "#ffffff" } as const;
const SAVE_AFTER_MS = 500;

export function createWindow(statePath: string, distFolder: string): BrowserWindow {
  const saved = readWindowState(statePath);
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const window = new BrowserWindow({
    ...boundsOnDisplays(saved, [primary.workArea, ...others.map(({ workArea }) => workArea)]),
    minWidth: MIN_WIDTH_PX,
    minHeight: MIN_HEIGHT_PX,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: join(distFolder, "preload.cjs"),
      contextIsolation: true,
      nodeIntegration: false,
      sandbox: true,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (saved?.isMaximized) window.maximize();
  window.once("ready-to-show", () => window.show());
  saveBounds(window, statePath);
  return window;
}

/** Soon after each change, and not at each pixel of it. */
function saveBounds(window: BrowserWindow, path: string): void {
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    const state: WindowState = { ...window.getNormalBounds(), isMaximized: window.isMaximized() };
    timer = setTimeout(() => void writeWindowState(path, state).catch(() => undefined), SAVE_AFTER_MS);
  };
  window.on("resize", save);
  window.on("move", save);
  window.on("maximize", save);
  window.on("unmaximize", save);
}

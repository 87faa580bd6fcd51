// Entry of the desktop program: one instance, one server, one window; everything else is decided in files beside it.
import { join } from "node:path";
import { app, type BrowserWindow, clipboard, crashReporter, dialog, Menu, nativeTheme, session, shell } from "electron";
import type { DesktopCommand } from "../../src-shared/contract/desktop-bridge.ts";
import { AppError } from "../../src-shared/contract/errors.ts";
import type { Settings } from "../../src-shared/contract/workbench/system.ts";
import { openWorkbench, type Workbench } from "../server/open-workbench.ts";
import { createWindow } from "./create-window.ts";
import { menuTemplate } from "./menu-template.ts";
import { answerPage } from "./page-requests.ts";
import { pathsInArguments } from "./paths-in-arguments.ts";
import { denyPermissions, lockDownPages } from "./security.ts";
import { DesktopActivity } from "./show-activity.ts";
import { offerUpdate } from "./updates.ts";
import { utilityChild } from "./utility-child.ts";

const DIST = import.meta.dirname;
const ROOT = join(DIST, "..");
/** Beside the archive: what is in it only this program can open. */
const DOCUMENTATION = app.isPackaged ? join(process.resourcesPath, "docs") : join(ROOT, "docs");

let window: BrowserWindow | null = null;
let isPageReady = false;
/** Paths that came before the page could take them. */
const waiting: DesktopCommand[] = [];

function tellPage(command: DesktopCommand): void {
  if (window === null || !isPageReady) waiting.push(command);
  else window.webContents.send("command", command);
}

function openPath(path: string): void {
  app.addRecentDocument(path);
  tellPage({ type: "open", path });
}

if (!app.requestSingleInstanceLock()) {
  app.quit();
} else {
  // Before "ready": macOS names files that early.
  app.on("open-file", (event, path) => {
    event.preventDefault();
    openPath(path);
  });
  app.on("second-instance", (_event, argv, folder) => {
    window?.show();
    for (const path of pathsInArguments(argv, app.isPackaged, folder)) openPath(path);
  });
  app.on("window-all-closed", () => app.quit());
  for (const path of pathsInArguments(process.argv, app.isPackaged, process.cwd())) openPath(path);
  void app.whenReady().then(start).catch(failed);
}

async function start(): Promise<void> {
  const workbench = await openWorkbench({
    root: ROOT,
    version: app.getVersion(),
    port: 0,
    log: (sentence) => process.stderr.write(`${sentence}\n`),
    forkChild: utilityChild,
  });
  const settings = await workbench.services.system.settings();
  startCrashDumps(settings);
  nativeTheme.themeSource = settings.theme === "auto" ? "system" : settings.theme;
  lockDownPages(workbench.origin);
  denyPermissions(session.defaultSession, workbench.origin);
  openWindow(workbench, settings);
}

function openWindow(workbench: Workbench, settings: Settings): void {
  const opened = createWindow(join(app.getPath("userData"), "window.json"), DIST);
  window = opened;
  const activity = new DesktopActivity(opened);
  const events = new AbortController();
  void followEvents(workbench, activity, events.signal);
  answerPage(opened, workbench.origin, (path) => app.addRecentDocument(path));
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, app.name, menuActions(workbench))));
  opened.webContents.on("did-finish-load", () => {
    isPageReady = true;
    for (const command of waiting.splice(0)) tellPage(command);
  });
  // The page's process is gone, the runs are not: the page comes back and finds them.
  opened.webContents.on("render-process-gone", () => opened.reload());
  opened.on("close", (event) => {
    if (activity.isBusy && !isLossAccepted(opened)) event.preventDefault();
  });
  opened.on("closed", () => {
    window = null;
    events.abort();
  });
  app.once("will-quit", (event) => {
    event.preventDefault();
    void workbench.close().finally(() => app.exit());
  });
  void opened.loadURL(workbench.url);
  if (settings.checkForUpdates) void offerUpdate(opened, () => activity.isBusy);
}

async function followEvents({ services }: Workbench, activity: DesktopActivity, signal: AbortSignal): Promise<void> {
  for await (const { event } of services.events.subscribe(null, signal)) activity.hear(event);
}

/** Only when a run would be lost is quitting worth a question. */
function isLossAccepted(parent: BrowserWindow): boolean {
  const choice = dialog.showMessageBoxSync(parent, {
    type: "question",
    message: "A run is not finished. Quit all the same?",
    detail: "Its finished iterations are kept.",
    buttons: ["Keep Running", "Quit"],
    defaultId: 0,
    cancelId: 0,
  });
  return choice === 1;
}

function menuActions({ services }: Workbench) {
  return {
    run: (commandId: string) => tellPage({ type: "run", commandId }),
    openDocumentation: () => void shell.openPath(DOCUMENTATION),
    openWorkspaceFolder: async () => {
      await shell.openPath((await services.system.info()).workspacePath);
    },
    openCrashDumps: () => void shell.openPath(app.getPath("crashDumps")),
    copyDiagnostics: async () => {
      const [info, devices] = await Promise.all([services.system.info(), services.system.devices()]);
      clipboard.writeText(JSON.stringify({ info, devices, electron: process.versions.electron }, null, 2));
    },
  };
}

/** Kept on this machine, and only when asked for; nothing is ever sent. */
function startCrashDumps({ crashDumps }: Settings): void {
  if (crashDumps) crashReporter.start({ uploadToServer: false });
}

function failed(error: unknown): void {
  const message = error instanceof AppError ? error.message : String(error instanceof Error ? error.stack : error);
  dialog.showErrorBox("Acclimate can't start", message);
  app.exit(1);
}

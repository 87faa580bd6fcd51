// The native menu as data: what stands where on each system, and which command of the page an entry runs.
import type { MenuItemConstructorOptions } from "electron";

export interface MenuActions {
  /** Runs the page's command of this id: menu and command palette share the ids. */
  run(commandId: string): void;
  openDocumentation(): void;
  openWorkspaceFolder(): void;
  openCrashDumps(): void;
  copyDiagnostics(): void;
}

const SEPARATOR: MenuItemConstructorOptions = { type: "separator" };

/** The menu in the order of the system: on macOS the program's own menu comes first. */
export function menuTemplate(
  platform: NodeJS.Platform,
  name: string,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const isMac = platform === "darwin";
  const command = (label: string, commandId: string, accelerator?: string): MenuItemConstructorOptions => ({
    id: commandId,
    label,
    click: () => actions.run(commandId),
    // The page dispatches the keys itself, with the user's own bindings: here they are only shown.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  });
  const settings = command("Settings…", "navigate.settings", "CmdOrCtrl+,");
  return [
    ...(isMac ? [programMenu(name, settings)] : []),
    {
      label: "&File",
      submenu: [
        command("Open Dataset Folder…", "datasets.open", "CmdOrCtrl+O"),
        command("Open Checkpoint…", "checkpoints.open", "CmdOrCtrl+Shift+O"),
        ...(platform === "linux" ? [] : [recentMenu()]),
        SEPARATOR,
        command("Export…", "export.open", "CmdOrCtrl+E"),
        SEPARATOR,
        ...(isMac ? [{ role: "close" as const }] : [settings, SEPARATOR, { role: "quit" as const }]),
      ],
    },
    { role: "editMenu" },
    {
      label: "&Run",
      submenu: [command("Start", "adapt.run", "CmdOrCtrl+Enter"), command("Cancel", "adapt.cancel", "Esc")],
    },
    {
      label: "&View",
      submenu: [
        command("Datasets", "navigate.datasets"),
        command("Adapt", "navigate.adapt"),
        command("Compare", "navigate.compare"),
        command("Evaluate", "navigate.evaluate"),
        command("Runs", "navigate.runs"),
        command("Checkpoints", "navigate.checkpoints"),
        command("Train", "navigate.train"),
        SEPARATOR,
        command("All Commands…", "app.palette", "CmdOrCtrl+Shift+P"),
        SEPARATOR,
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { role: "togglefullscreen" },
      ],
    },
    { role: "windowMenu" },
    {
      role: "help",
      submenu: [
        command("Keyboard Shortcuts", "app.shortcuts", "Shift+/"),
        { label: "Documentation", click: () => actions.openDocumentation() },
        SEPARATOR,
        { label: "Open Workspace Folder", click: () => actions.openWorkspaceFolder() },
        { label: "Open Crash Dumps", click: () => actions.openCrashDumps() },
        { label: "Copy Diagnostics", click: () => actions.copyDiagnostics() },
        ...(isMac ? [] : [SEPARATOR, { role: "about" as const }]),
      ],
    },
  ];
}

function programMenu(name: string, settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    label: name,
    submenu: [
      { role: "about" },
      SEPARATOR,
      settings,
      SEPARATOR,
      { role: "services" },
      SEPARATOR,
      { role: "hide" },
      { role: "hideOthers" },
      { role: "unhide" },
      SEPARATOR,
      { role: "quit" },
    ],
  };
}

/** Linux desktops list recent files themselves, if at all. */
function recentMenu(): MenuItemConstructorOptions {
  return { role: "recentDocuments", submenu: [{ role: "clearRecentDocuments" }] };
}

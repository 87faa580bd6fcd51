// Runs in the page's sandbox before the page: hands it a few named functions, and nothing of Electron itself.
import { contextBridge, ipcRenderer, webUtils } from "electron";
import type { DesktopBridge, DesktopCommand } from "../../src-shared/contract/desktop-bridge.ts";

const bridge: DesktopBridge = {
  choose: (kind) => ipcRenderer.invoke("choose", kind),
  // The page hands over its own `File`; the contract has no DOM to name it by.
  pathOfFile: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
  showInFolder: (path) => ipcRenderer.invoke("showInFolder", path),
  onCommand: (listener) => {
    const hear = (_event: unknown, command: DesktopCommand): void => listener(command);
    ipcRenderer.on("command", hear);
    return () => {
      ipcRenderer.off("command", hear);
    };
  },
};

contextBridge.exposeInMainWorld("acclimate", bridge);

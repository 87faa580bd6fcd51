// Looks for a newer version, only in packages, only when the user wants it, and never while a run is under way.
import { app, type BrowserWindow, dialog } from "electron";

/** @param isBusy  whether a run is queued or running */
export async function offerUpdate(window: BrowserWindow, isBusy: () => boolean): Promise<void> {
  if (!app.isPackaged || isBusy()) return;
  // Loaded when it is wanted: without it the program makes no request.
  const { autoUpdater } = (await import("electron-updater")).default;
  autoUpdater.autoDownload = false;
  autoUpdater.autoInstallOnAppQuit = false;
  // Without a network there is simply no update.
  autoUpdater.on("error", () => undefined);
  const found = await autoUpdater.checkForUpdates().catch(() => null);
  if (found?.isUpdateAvailable !== true || isBusy()) return;
  const { response } = await dialog.showMessageBox(window, {
    type: "question",
    message: `Acclimate ${found.updateInfo.version} is there. Download it and restart?`,
    detail: "Your datasets, checkpoints and runs stay as they are.",
    buttons: ["Later", "Download and Restart"],
    defaultId: 1,
    cancelId: 0,
  });
  if (response !== 1) return;
  await autoUpdater.downloadUpdate();
  if (!isBusy()) autoUpdater.quitAndInstall();
}

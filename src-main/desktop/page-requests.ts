// What the page may ask of the desktop: a native dialog, and to show an exported file. Every caller and argument is checked.
import { type BrowserWindow, dialog, type IpcMainInvokeEvent, ipcMain, type OpenDialogOptions, shell } from "electron";
import { z } from "zod";
import { type ChooseKind, chooseKindSchema } from "../../src-shared/contract/desktop-bridge.ts";
import { BugError } from "../../src-shared/contract/errors.ts";
import { isOwnPage } from "./allowed-addresses.ts";

const DIALOGS: Record<ChooseKind, OpenDialogOptions> = {
  folder: { title: "Open dataset folder", properties: ["openDirectory"] },
  checkpoint: {
    title: "Open checkpoint",
    properties: ["openFile"],
    filters: [{ name: "Checkpoints", extensions: ["safetensors", "pth", "pt", "bin", "ckpt", "onnx"] }],
  },
  exportFolder: { title: "Export to", properties: ["openDirectory", "createDirectory"] },
};

export function answerPage(window: BrowserWindow, serverOrigin: string, onChosen: (path: string) => void): void {
  const handle = <Input>(channel: string, schema: z.ZodType<Input>, answer: (input: Input) => Promise<unknown>): void =>
    ipcMain.handle(channel, (event, input: unknown) => {
      requireOwnFrame(event, serverOrigin);
      return answer(schema.parse(input));
    });
  handle("choose", chooseKindSchema, async (kind) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, DIALOGS[kind]);
    const [path] = filePaths;
    if (canceled || path === undefined) return null;
    if (kind !== "exportFolder") onChosen(path);
    return path;
  });
  handle("showInFolder", z.string().min(1), async (path) => shell.showItemInFolder(path));
}

function requireOwnFrame({ senderFrame }: IpcMainInvokeEvent, serverOrigin: string): void {
  const isMainFrame = senderFrame !== null && senderFrame.parent === null;
  if (!isMainFrame || !isOwnPage(senderFrame.url, serverOrigin)) {
    throw new BugError("a frame that is not the page asked for something");
  }
}

// What the Electron window adds for its page, as `window.acclimate`; a browser has none of it.
import { z } from "zod";

/** Commands of the native menu and of files given from outside; the page runs the command of the same id. */
export const desktopCommandSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("run"), commandId: z.string() }),
  /** A file or folder that was dropped on the icon, chosen among the recent ones, or named on the command line. */
  z.object({ type: z.literal("open"), path: z.string() }),
]);
export type DesktopCommand = z.infer<typeof desktopCommandSchema>;

export const chooseKindSchema = z.enum(["folder", "checkpoint", "exportFolder"]);
export type ChooseKind = z.infer<typeof chooseKindSchema>;

/** The page's `File`: this room knows no DOM. */
export type DroppedFile = { readonly name: string; readonly size: number };

export interface DesktopBridge {
  /** The native dialog; null when it was closed without a choice. */
  choose(kind: ChooseKind): Promise<string | null>;
  /** Path of a file that was dropped on the page. */
  pathOfFile(file: DroppedFile): string;
  /** Opens the folder of a finished export. */
  showInFolder(path: string): Promise<void>;
  onCommand(listener: (command: DesktopCommand) => void): () => void;
}

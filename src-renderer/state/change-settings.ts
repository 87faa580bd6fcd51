// Saves a setting that was changed here, and says when that did not work.
import type { Settings } from "../../src-shared/contract/workbench/system.ts";
import { perform } from "./history.ts";
import { saveSettings } from "./settings.ts";
import { tellFailure, tellUndoable } from "./tell.ts";

export function changeSettings(change: Partial<Settings>): void {
  saveSettings(change).catch((error: unknown) => tellFailure("The setting was not saved", error));
}

/** Long enough to notice the mistake. */
const UNDO_MS = 8000;

/** Takes an entry out of a list of the settings; can be undone. */
export function removeEntry(label: string, before: Partial<Settings>, after: Partial<Settings>): void {
  perform({ label, redo: () => changeSettings(after), undo: () => changeSettings(before) });
  tellUndoable(`Done: ${label}.`, UNDO_MS);
}

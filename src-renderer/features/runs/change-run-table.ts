// Changes how the table of runs looks; the workspace remembers it.
import { changeSettings } from "../../state/change-settings.ts";
import { currentSettings } from "../../state/settings.ts";
import type { RunTableSettings } from "./use-run-list.ts";

export function changeRunTable(change: Partial<RunTableSettings>): void {
  changeSettings({ runTable: { ...currentSettings().runTable, ...change } });
}

// What was exported last and where to, so that the next export begins there.
import { create } from "zustand";
import type { ExportFormat } from "../../../src-shared/contract/workbench/exports.ts";
import { desktop } from "../../state/desktop.ts";

interface ExportMemory {
  readonly formats: readonly ExportFormat[];
  /** Null: for download. */
  readonly folder: string | null;
}

/** A browser downloads; the desktop window writes into a folder. */
export const useExportMemory = create<ExportMemory>(() => ({
  formats: ["trainIds", "overlay", "csv"],
  folder: desktop === null ? null : "",
}));

export function rememberExport(memory: ExportMemory): void {
  useExportMemory.setState(memory);
}

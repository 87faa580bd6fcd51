// Which runs the export dialog is open for; screens open it from here.
import { create } from "zustand";
import type { RunId } from "../../src-shared/contract/workbench/ids.ts";

export interface ExportTarget {
  readonly runIds: readonly RunId[];
  /** A kept iteration; null: the last of each run. */
  readonly iteration: number | null;
}

interface ExportDialogState {
  /** Null while the dialog is closed. */
  readonly target: ExportTarget | null;
  readonly open: (runIds: readonly RunId[], iteration?: number | null) => void;
  readonly close: () => void;
}

export const useExportDialog = create<ExportDialogState>((set) => ({
  target: null,
  open: (runIds, iteration = null) => {
    if (runIds.length > 0) set({ target: { runIds: [...new Set(runIds)], iteration } });
  },
  close: () => set({ target: null }),
}));

// How large the thumbnails are; remembered by the browser, since it suits a screen and not a workspace.
import { create } from "zustand";

export const MIN_CELL_PX = 96;
export const MAX_CELL_PX = 360;
const DEFAULT_CELL_PX = 176;
const STORAGE_KEY = "acclimate.cellPx";

export function cellPxFrom(stored: string | null): number {
  const value = stored === null ? Number.NaN : Number(stored);
  return value >= MIN_CELL_PX && value <= MAX_CELL_PX ? value : DEFAULT_CELL_PX;
}

export const useGridLook = create<{ readonly cellPx: number }>(() => ({
  cellPx: cellPxFrom(globalThis.localStorage?.getItem(STORAGE_KEY) ?? null),
}));

export function setCellPx(cellPx: number): void {
  const value = Math.max(MIN_CELL_PX, Math.min(MAX_CELL_PX, cellPx));
  useGridLook.setState({ cellPx: value });
  globalThis.localStorage?.setItem(STORAGE_KEY, String(value));
}

// Which images are selected, by id, so that a selection outlives scrolling, sorting and a change of screens.
import { create } from "zustand";
import type { DatasetId, ImageId } from "../../src-shared/contract/workbench/ids.ts";

export interface Selection {
  /** Ids belong to this dataset; choosing another one empties the selection. */
  readonly datasetId: DatasetId | null;
  readonly ids: ReadonlySet<ImageId>;
  /** Place in the list the keyboard is at; null before the first click. */
  readonly cursor: number | null;
  /** The other end of a range that Shift extends. */
  readonly anchor: number | null;
}

export const EMPTY_SELECTION: Selection = { datasetId: null, ids: new Set(), cursor: null, anchor: null };

/** A plain click: this one alone. */
export function selectedOnly(state: Selection, index: number, id: ImageId): Selection {
  return { ...state, ids: new Set([id]), cursor: index, anchor: index };
}

/** A click with Ctrl or Cmd: in or out, the others stay. */
export function selectedToo(state: Selection, index: number, id: ImageId): Selection {
  const ids = new Set(state.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ...state, ids, cursor: index, anchor: index };
}

/** A click with Shift: everything from the anchor to here, `ids` in the order of the list. */
export function selectedRange(state: Selection, index: number, ids: readonly ImageId[]): Selection {
  return { ...state, ids: new Set(ids), cursor: index, anchor: state.anchor ?? index };
}

/** First and last place of the range that Shift would select. */
export function rangeTo(state: Selection, index: number): readonly [number, number] {
  const anchor = state.anchor ?? index;
  return anchor <= index ? [anchor, index] : [index, anchor];
}

/** Where an arrow key leads in a grid of so many columns, and Home, End, PageUp and PageDown. */
export function cursorAfterKey(
  key: string,
  cursor: number | null,
  { columns, rowsInView, total }: { columns: number; rowsInView: number; total: number },
): number | null {
  if (total === 0) return null;
  if (cursor === null) return KEY_STEPS.has(key) ? 0 : null;
  const step = KEY_STEPS.get(key)?.({ columns, rowsInView, total, cursor });
  if (step === undefined) return null;
  const target = cursor + step;
  // Leaving the grid upwards or downwards keeps the cursor where it is, except that the last, shorter row is entered.
  if (target < 0) return key === "PageUp" ? cursor % columns : cursor;
  if (target < total) return target;
  const isInLastRow = Math.floor(cursor / columns) === Math.floor((total - 1) / columns);
  return isInLastRow ? cursor : total - 1;
}

const KEY_STEPS = new Map<
  string,
  (grid: { columns: number; rowsInView: number; total: number; cursor: number }) => number
>([
  ["ArrowLeft", () => -1],
  ["ArrowRight", () => 1],
  ["ArrowUp", ({ columns }) => -columns],
  ["ArrowDown", ({ columns }) => columns],
  ["PageUp", ({ columns, rowsInView }) => -columns * rowsInView],
  ["PageDown", ({ columns, rowsInView }) => columns * rowsInView],
  ["Home", ({ cursor }) => -cursor],
  ["End", ({ total, cursor }) => total - 1 - cursor],
]);

export const useSelection = create<Selection>(() => EMPTY_SELECTION);

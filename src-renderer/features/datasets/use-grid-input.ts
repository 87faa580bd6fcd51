// What clicks and keys do in the grid: select, extend, move, open.
import { type KeyboardEvent, type MouseEvent, useCallback, useRef } from "react";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import type { DatasetId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { type ImageList, imageIds } from "../../state/image-list.ts";
import { isMac } from "../../state/keys.ts";
import { useNavigation } from "../../state/navigation.ts";
import {
  cursorAfterKey,
  EMPTY_SELECTION,
  rangeTo,
  type Selection,
  selectedOnly,
  selectedRange,
  selectedToo,
  useSelection,
} from "../../state/selection.ts";
import { tellFailure } from "../../state/tell.ts";

export function openImage(item: ImageItem): void {
  useNavigation.getState().go({ screen: "adapt", datasetId: item.datasetId, imageId: item.id, runId: null });
}

/** The selection, as one of this dataset. */
function selectionIn(datasetId: DatasetId): Selection {
  const selection = useSelection.getState();
  return selection.datasetId === datasetId ? selection : { ...EMPTY_SELECTION, datasetId };
}

/** Selects the stretch from the anchor to a place; images that were never in view have no id here, so all are asked for. */
async function selectRangeTo(datasetId: DatasetId, list: ImageList, index: number): Promise<void> {
  const [first, last] = rangeTo(selectionIn(datasetId), index);
  const ids = await imageIds(datasetId, list);
  useSelection.setState(selectedRange(selectionIn(datasetId), index, ids.slice(first, last + 1)));
}

export async function selectAll(datasetId: DatasetId, list: ImageList): Promise<void> {
  const ids: readonly ImageId[] = await imageIds(datasetId, list);
  useSelection.setState({ ...selectionIn(datasetId), ids: new Set(ids) });
}

export function selectNone(): void {
  useSelection.setState(EMPTY_SELECTION);
}

interface Grid {
  readonly datasetId: DatasetId;
  readonly list: ImageList;
  readonly columns: number;
  readonly rowsInView: number;
  readonly total: number;
  readonly at: (index: number) => ImageItem | undefined;
  readonly scrollToRow: (row: number) => void;
}

interface GridInput {
  readonly onPick: (index: number, item: ImageItem, event: MouseEvent) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

const tellNotSelected = (error: unknown) => tellFailure("The images were not selected", error);

export function useGridInput(grid: Grid): GridInput {
  const latest = useRef(grid);
  latest.current = grid;

  const onPick = useCallback((index: number, item: ImageItem, event: MouseEvent) => {
    const { datasetId, list } = latest.current;
    const selection = selectionIn(datasetId);
    if (event.shiftKey) selectRangeTo(datasetId, list, index).catch(tellNotSelected);
    else if (event.ctrlKey || event.metaKey) useSelection.setState(selectedToo(selection, index, item.id));
    else useSelection.setState(selectedOnly(selection, index, item.id));
  }, []);

  const onKeyDown = useCallback((event: KeyboardEvent) => {
    const { datasetId, list, columns, rowsInView, total, at, scrollToRow } = latest.current;
    const selection = selectionIn(datasetId);
    const mod = isMac(navigator.platform) ? event.metaKey : event.ctrlKey;
    const current = selection.cursor === null ? undefined : at(selection.cursor);
    if (mod && event.key.toLowerCase() === "a") {
      selectAll(datasetId, list).catch(tellNotSelected);
    } else if (event.key === "Escape" && selection.ids.size > 0) {
      selectNone();
    } else if (event.key === "Enter" && !mod && current !== undefined) {
      openImage(current);
    } else if (event.key === " " && current !== undefined && selection.cursor !== null) {
      useSelection.setState(selectedToo(selection, selection.cursor, current.id));
    } else {
      const cursor = mod ? null : cursorAfterKey(event.key, selection.cursor, { columns, rowsInView, total });
      if (cursor === null) return;
      moveTo(cursor);
    }
    event.preventDefault();

    function moveTo(index: number): void {
      scrollToRow(Math.floor(index / columns));
      const item = at(index);
      if (event.shiftKey) selectRangeTo(datasetId, list, index).catch(tellNotSelected);
      else if (item !== undefined) useSelection.setState(selectedOnly(selection, index, item.id));
      // Its page is under way: the cursor goes there, what it lands on can be selected a moment later.
      else useSelection.setState({ ...selection, ids: new Set(), cursor: index, anchor: index });
    }
  }, []);

  return { onPick, onKeyDown };
}

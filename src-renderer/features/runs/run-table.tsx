// The history as a list: only the rows in view exist, whatever there is.
import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from "react";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { isMac } from "../../state/keys.ts";
import { tellFailure } from "../../state/tell.ts";
import { deleteRuns, openInAdapt } from "./run-actions.ts";
import { rowAfterKey } from "./run-pages.ts";
import { RunRow } from "./run-row.tsx";
import "./run-table.css";
import { type RunFilter, selectedOnly, selectedRange, selectedToo, useRunView } from "./run-view.ts";
import { cachedRuns, idsBetween, type RunHead, useRunsInView } from "./use-run-list.ts";

const ROW_PX = 52;
const COLUMNS = ["Image and checkpoint", "Method and parameters", "Mean IoU in %", "Status", "Started"] as const;

interface RunTableProps {
  readonly filter: RunFilter;
  readonly head: RunHead;
}

export function RunTable({ filter, head }: RunTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: measure, height } = useElementSize();
  const total = head.total ?? 0;
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const visible = rows.getVirtualItems();
  const [firstShown, lastShown] = [visible[0]?.index ?? 0, visible.at(-1)?.index ?? 0];
  const at = useRunsInView(filter, head, firstShown, lastShown);
  const selected = useRunView((view) => view.selected);
  const cursor = useRunView((view) => view.cursor);
  // Where the keyboard is: by id, since new runs push the others down.
  const lastPlace = useRef(-1);
  const placeInView = visible.find(({ index }) => at(index)?.id === cursor)?.index;
  if (cursor === null) lastPlace.current = -1;
  else if (placeInView !== undefined) lastPlace.current = placeInView;

  const selectTo = (place: number, id: RunId) => {
    const { anchor } = useRunView.getState();
    const anchorPlace = visible.find(({ index }) => at(index)?.id === anchor)?.index ?? lastPlace.current;
    idsBetween(filter, head, Math.max(0, anchorPlace), place).then(
      (ids) => useRunView.setState((view) => selectedRange(view, id, ids)),
      (error: unknown) => tellFailure("The runs were not selected", error),
    );
  };

  const onPick = (place: number, run: RunSummary, event: MouseEvent) => {
    if (event.shiftKey) selectTo(place, run.id);
    else if (event.ctrlKey || event.metaKey) useRunView.setState((view) => selectedToo(view, run.id));
    else useRunView.setState((view) => selectedOnly(view, run.id));
  };

  const moveTo = async (place: number, isExtending: boolean) => {
    rows.scrollToIndex(place);
    lastPlace.current = place;
    const id = at(place)?.id ?? (await idsBetween(filter, head, place, place))[0];
    if (id === undefined) return;
    if (isExtending) selectTo(place, id);
    else useRunView.setState((view) => selectedOnly(view, id));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const mod = isMac(navigator.platform) ? event.metaKey : event.ctrlKey;
    const current = cursor === null ? undefined : cachedRuns(new Set([cursor]))[0];
    const rowsInView = Math.max(1, Math.floor(height / ROW_PX) - 1);
    const target = mod ? null : rowAfterKey(event.key, lastPlace.current, rowsInView, total);
    if (target !== null) void moveTo(target, event.shiftKey);
    else if (mod && event.key.toLowerCase() === "a") {
      idsBetween(filter, head, 0, total - 1).then(
        (ids) => useRunView.setState({ selected: new Set(ids) }),
        (error: unknown) => tellFailure("The runs were not selected", error),
      );
    } else if (event.key === "Escape") useRunView.setState({ selected: new Set(), cursor: null, anchor: null });
    else if (event.key === "Enter" && !mod && current !== undefined) openInAdapt(current);
    else if (event.key === " " && current !== undefined) useRunView.setState((view) => selectedToo(view, current.id));
    else if (event.key === "Delete" || event.key === "Backspace") deleteRuns(cachedRuns(selected));
    else return;
    event.preventDefault();
  };

  // Another list begins at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the list counts
  useEffect(() => rows.scrollToOffset(0), [filter]);

  return (
    <div className="run-table" data-stale={head.isStale || undefined}>
      <div className="run-table-head" aria-hidden="true">
        <span />
        {COLUMNS.map((title) => (
          <span key={title}>{title}</span>
        ))}
      </div>
      <div ref={measure} className="run-table-frame">
        <div
          ref={scroller}
          className="run-table-scroller"
          role="listbox"
          tabIndex={0}
          aria-label="Runs"
          aria-multiselectable="true"
          aria-activedescendant={placeInView === undefined || cursor === null ? undefined : `run-${cursor}`}
          onKeyDown={onKeyDown}
        >
          <div style={{ height: rows.getTotalSize(), position: "relative" }} role="presentation">
            {visible.map((row) => {
              const run = at(row.index);
              return (
                <RunRow
                  key={row.key}
                  place={row.index}
                  total={total}
                  run={run}
                  isSelected={run !== undefined && selected.has(run.id)}
                  isCursor={run !== undefined && run.id === cursor}
                  offsetPx={row.start}
                  onPick={onPick}
                />
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

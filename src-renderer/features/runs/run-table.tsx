// The history as a table: only the rows in view exist, whatever there is.
import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef } from "react";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { isMac } from "../../state/keys.ts";
import { tellFailure } from "../../state/tell.ts";
import { deleteRuns, openInAdapt } from "./run-actions.ts";
import { columnWidth } from "./run-columns.ts";
import { rowAfterKey } from "./run-pages.ts";
import { RunRow } from "./run-row.tsx";
import { RunRows, sectionKey } from "./run-rows.ts";
import { RunSectionRow } from "./run-section-row.tsx";
import { RunTableHead } from "./run-table-head.tsx";
import "./run-table.css";
import { selectedOnly, selectedRange, selectedToo, useRunView } from "./run-view.ts";
import { cachedRuns, idsAt, type RunHead, type RunListing, useRunSections, useRunsInView } from "./use-run-list.ts";

const ROW_PX = 52;
const SECTION_PX = 34;
/** Check mark and image, with the gaps; the other columns come on top of it. */
const FIRST_COLUMNS_PX = 190;
const GAP_PX = 12;

interface RunTableProps {
  readonly listing: RunListing;
  readonly head: RunHead;
}

export function RunTable({ listing, head }: RunTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const header = useRef<HTMLDivElement>(null);
  const { ref: measure, height } = useElementSize();
  const sections = useRunSections(listing, head);
  const folded = useRunView((view) => view.folded);
  const layout = useMemo(() => new RunRows(head.total ?? 0, sections, folded), [head.total, sections, folded]);
  const rows = useVirtualizer({
    count: layout.count,
    getScrollElement: () => scroller.current,
    estimateSize: (row) => (layout.at(row).kind === "section" ? SECTION_PX : ROW_PX),
    overscan: 8,
  });
  // Heights are asked for once and kept; where the headings are has changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the layout counts
  useEffect(() => rows.measure(), [layout]);
  const visible = rows.getVirtualItems();
  const shownPlaces = layout.places(visible[0]?.index ?? 0, visible.at(-1)?.index ?? 0);
  const at = useRunsInView(listing, head, shownPlaces[0] ?? 0, shownPlaces.at(-1) ?? 0);
  const runAt = (row: number) => {
    const found = layout.at(row);
    return found.kind === "run" ? at(found.place)?.run : undefined;
  };
  const selected = useRunView((view) => view.selected);
  const cursor = useRunView((view) => view.cursor);
  // Where the keyboard is: by id, since new runs push the others down.
  const lastRow = useRef(-1);
  const rowInView = cursor === null ? undefined : visible.find(({ index }) => runAt(index)?.id === cursor)?.index;
  if (cursor === null) lastRow.current = -1;
  else if (rowInView !== undefined) lastRow.current = rowInView;

  const selectTo = (row: number, id: RunId) => {
    const { anchor } = useRunView.getState();
    const from = visible.find(({ index }) => runAt(index)?.id === anchor)?.index ?? Math.max(0, lastRow.current);
    idsAt(listing, head, layout.places(Math.min(from, row), Math.max(from, row))).then(
      (ids) => useRunView.setState((view) => selectedRange(view, id, ids)),
      (error: unknown) => tellFailure("The runs were not selected", error),
    );
  };

  const onPick = (row: number, run: RunSummary, event: MouseEvent) => {
    if (event.shiftKey) selectTo(row, run.id);
    else if (event.ctrlKey || event.metaKey) useRunView.setState((view) => selectedToo(view, run.id));
    else useRunView.setState((view) => selectedOnly(view, run.id));
  };

  const moveTo = async (target: number, isExtending: boolean) => {
    const step = target < lastRow.current ? -1 : 1;
    const row = layout.runRow(target, step) ?? layout.runRow(target, step === 1 ? -1 : 1);
    if (row === null) return;
    rows.scrollToIndex(row);
    lastRow.current = row;
    const id = runAt(row)?.id ?? (await idsAt(listing, head, layout.places(row, row)))[0];
    if (id === undefined) return;
    if (isExtending) selectTo(row, id);
    else useRunView.setState((view) => selectedOnly(view, id));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const mod = isMac(navigator.platform) ? event.metaKey : event.ctrlKey;
    const current = cursor === null ? undefined : cachedRuns(new Set([cursor]))[0];
    const rowsInView = Math.max(1, Math.floor(height / ROW_PX) - 1);
    const target = mod ? null : rowAfterKey(event.key, lastRow.current, rowsInView, layout.count);
    if (target !== null) void moveTo(target, event.shiftKey);
    else if (mod && event.key.toLowerCase() === "a") {
      idsAt(listing, head, layout.places(0, layout.count - 1)).then(
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
  useEffect(() => rows.scrollToOffset(0), [listing.filter, listing.groupBy, listing.sort]);

  const { columns } = listing;
  const style = {
    gridTemplateColumns: [
      "32px minmax(120px, 1.35fr)",
      ...columns.map((column) => `minmax(${columnWidth(column)}px, ${columnWidth(column) / 100}fr)`),
    ].join(" "),
    minWidth: columns.reduce((sum, column) => sum + columnWidth(column) + GAP_PX, FIRST_COLUMNS_PX),
  };
  const headings = visible.flatMap(({ index, start }) => {
    const row = layout.at(index);
    return row.kind === "section" ? [{ ...row, start, key: sectionKey(row.section) }] : [];
  });
  return (
    <div className="run-table" data-stale={head.isStale || undefined}>
      <div
        ref={header}
        className="run-table-head-frame"
        onScroll={(event) => {
          // Moved by the keyboard, on the way to a heading out of view.
          if (scroller.current !== null) scroller.current.scrollLeft = event.currentTarget.scrollLeft;
        }}
      >
        <RunTableHead columns={columns} sort={listing.sort} style={style} />
      </div>
      <div ref={measure} className="run-table-frame">
        <div
          ref={scroller}
          className="run-table-scroller"
          onScroll={(event) => {
            // The head stands above, and moves only sideways.
            if (header.current !== null) header.current.scrollLeft = event.currentTarget.scrollLeft;
          }}
        >
          <div
            className="run-table-content"
            style={{ height: rows.getTotalSize(), minWidth: style.minWidth }}
            role="presentation"
          >
            <div
              className="run-table-list"
              role="listbox"
              tabIndex={0}
              aria-label="Runs"
              aria-multiselectable="true"
              aria-activedescendant={rowInView === undefined || cursor === null ? undefined : `run-${cursor}`}
              onKeyDown={onKeyDown}
            >
              {visible.map((row) => {
                const found = layout.at(row.index);
                if (found.kind === "section") return null;
                const listed = at(found.place);
                return (
                  <RunRow
                    key={row.key}
                    row={row.index}
                    place={found.place}
                    total={head.total ?? 0}
                    columns={columns}
                    style={style}
                    listed={listed}
                    isSelected={listed !== undefined && selected.has(listed.run.id)}
                    isCursor={listed !== undefined && listed.run.id === cursor}
                    offsetPx={row.start}
                    onPick={onPick}
                  />
                );
              })}
            </div>
            {listing.groupBy !== null &&
              headings.map(({ key, section, isFolded, start }) => (
                <RunSectionRow
                  key={key}
                  column={listing.groupBy ?? "method"}
                  section={section}
                  isFolded={isFolded}
                  offsetPx={start}
                />
              ))}
          </div>
        </div>
      </div>
    </div>
  );
}

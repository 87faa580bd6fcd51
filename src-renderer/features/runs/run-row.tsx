// One run in the history: what it was made of, then the columns that were chosen.
import { Tooltip } from "@mantine/core";
import { IconCheck, IconNote } from "@tabler/icons-react";
import type { CSSProperties, MouseEvent } from "react";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { RunCell, RunColumn } from "../../../src-shared/contract/workbench/run-query.ts";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { formatDuration, formatShare, shortName } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import {
  durationOf,
  formatDate,
  gainOf,
  isActive,
  keyParameters,
  METHOD_TITLES,
  miouFrom,
} from "../../state/run-words.ts";
import { openInAdapt } from "./run-actions.ts";
import { cellText } from "./run-columns.ts";
import { RunningBar, StatusMark } from "./run-status.tsx";
import { selectedToo, useRunView } from "./run-view.ts";
import type { ListedRun } from "./use-run-list.ts";

interface RunRowProps {
  readonly row: number;
  readonly place: number;
  readonly total: number;
  readonly columns: readonly RunColumn[];
  readonly style: CSSProperties;
  /** Undefined while it is fetched. */
  readonly listed: ListedRun | undefined;
  readonly isSelected: boolean;
  readonly isCursor: boolean;
  readonly offsetPx: number;
  readonly onPick: (row: number, run: RunSummary, event: MouseEvent) => void;
}

export function RunRow({ row, place, total, columns, listed, isSelected, isCursor, offsetPx, ...rest }: RunRowProps) {
  const style = { ...rest.style, transform: `translateY(${offsetPx}px)` };
  if (listed === undefined) {
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and points at its options
      <div
        className="run-row"
        style={style}
        role="option"
        aria-posinset={place + 1}
        aria-setsize={total}
        aria-selected={false}
        aria-busy="true"
      >
        <span />
        <span className="run-row-skeleton skeleton" />
      </div>
    );
  }
  const { run, cells } = listed;
  const { id, image, checkpoint } = run;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and points at its options
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
    <div
      id={`run-${id}`}
      className="run-row"
      style={style}
      role="option"
      aria-posinset={place + 1}
      aria-setsize={total}
      aria-selected={isSelected}
      data-cursor={isCursor || undefined}
      onClick={(event) => rest.onPick(row, run, event)}
      onDoubleClick={() => openInAdapt(run)}
    >
      {/* For pointers only: the list has the focus, where Space does the same. */}
      <span
        className="run-row-check"
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          useRunView.setState((view) => selectedToo(view, id));
        }}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        <IconCheck size={12} stroke={3} />
      </span>
      <span className="run-row-image">
        <img src={routes.thumbnail(image.id)} alt="" loading="lazy" decoding="async" draggable={false} />
        <span className="run-row-texts">
          <span className="run-row-first" title={image.key}>
            {shortName(image.key)}
          </span>
          <span className="run-row-second" title={checkpoint.name}>
            {checkpoint.name}
          </span>
        </span>
      </span>
      {columns.map((column, index) => (
        <span key={column} className="run-row-texts">
          <Cell column={column} cell={cells[index]} run={run} />
        </span>
      ))}
    </div>
  );
}

interface CellProps {
  readonly column: RunColumn;
  readonly cell: RunCell | undefined;
  readonly run: RunSummary;
}

/** Some columns have room for a second line, and follow a run while it goes on. */
function Cell({ column, cell, run }: CellProps) {
  switch (column) {
    case "method":
      return <MethodCell run={run} />;
    case "miou":
      return <ScoreCell run={run} />;
    case "status":
      return <StatusCell run={run} />;
    case "createdAt":
      return <DateCell run={run} />;
    case "gain":
      return cell === null || cell === undefined ? (
        <span className="run-row-first dimmed">–</span>
      ) : (
        <GainText gain={Number(cell)} />
      );
    default: {
      const text = cellText(column, cell);
      return (
        <span className={text === "–" ? "run-row-first dimmed" : "run-row-first"} title={text}>
          {text}
        </span>
      );
    }
  }
}

function MethodCell({ run: { method, config } }: { readonly run: RunSummary }) {
  return (
    <>
      <span className="run-row-first">{METHOD_TITLES[method]}</span>
      <span className="run-row-second" title={keyParameters(config)}>
        {keyParameters(config)}
      </span>
    </>
  );
}

function ScoreCell({ run }: { readonly run: RunSummary }) {
  const { method, status, miouAfter } = run;
  return (
    <>
      <Scores before={method === "predict" ? null : miouFrom(run)} after={isActive(status) ? null : miouAfter} />
      <span className="run-row-second">
        {method !== "predict" && !isActive(status) && gainOf(run) !== null && <GainText gain={gainOf(run)} />}
      </span>
    </>
  );
}

function StatusCell({ run }: { readonly run: RunSummary }) {
  const duration = durationOf(run);
  return (
    <>
      <StatusMark status={run.status} />
      {run.status === "running" ? (
        <RunningBar run={run} />
      ) : (
        <span className="run-row-second" title={run.error?.message}>
          {run.error?.message ?? (duration === null ? "" : formatDuration(duration))}
        </span>
      )}
    </>
  );
}

function DateCell({ run: { createdAt, notes } }: { readonly run: RunSummary }) {
  return (
    <>
      <span className="run-row-first run-row-date">{formatDate(createdAt, Date.now())}</span>
      {notes === "" ? (
        <span className="run-row-second" />
      ) : (
        <Tooltip label={notes} multiline maw={360}>
          <span className="run-row-second run-row-note">
            <IconNote size={13} stroke={1.6} aria-label="Note" /> {notes}
          </span>
        </Tooltip>
      )}
    </>
  );
}

function Scores({ before, after }: { readonly before: number | null; readonly after: number | null }) {
  if (before === null && after === null) return <span className="run-row-first dimmed">–</span>;
  return (
    <span className="run-row-first run-row-scores">
      {before !== null && <span className="dimmed">{points(before)}</span>}
      {before !== null && after !== null && (
        <>
          <span className="dimmed" aria-hidden="true">
            →
          </span>
          <span className="visually-hidden">to</span>
        </>
      )}
      {after !== null && points(after)}
    </span>
  );
}

/** The column's head says that it is percent. */
function points(share: number | null): string {
  return formatShare(share).replace(" %", "");
}

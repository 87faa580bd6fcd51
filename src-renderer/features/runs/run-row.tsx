// One run in the history: two lines, five columns.
import { Tooltip } from "@mantine/core";
import { IconCheck, IconNote } from "@tabler/icons-react";
import type { MouseEvent } from "react";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { formatDuration, formatShare, shortName } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import { durationOf, formatDate, gainOf, isActive, keyParameters, METHOD_TITLES } from "../../state/run-words.ts";
import { openInAdapt } from "./run-actions.ts";
import { RunningBar, StatusMark } from "./run-status.tsx";
import { selectedToo, useRunView } from "./run-view.ts";

interface RunRowProps {
  readonly place: number;
  readonly total: number;
  /** Undefined while it is fetched. */
  readonly run: RunSummary | undefined;
  readonly isSelected: boolean;
  readonly isCursor: boolean;
  readonly offsetPx: number;
  readonly onPick: (place: number, run: RunSummary, event: MouseEvent) => void;
}

export function RunRow({ place, total, run, isSelected, isCursor, offsetPx, onPick }: RunRowProps) {
  const style = { transform: `translateY(${offsetPx}px)` };
  if (run === undefined) {
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
  const { id, image, checkpoint, method, config, status, createdAt, notes, miouBefore, miouAfter } = run;
  const name = shortName(image.key);
  const duration = durationOf(run);
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
      onClick={(event) => onPick(place, run, event)}
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
            {name}
          </span>
          <span className="run-row-second" title={checkpoint.name}>
            {checkpoint.name}
          </span>
        </span>
      </span>
      <span className="run-row-texts">
        <span className="run-row-first">{METHOD_TITLES[method]}</span>
        <span className="run-row-second" title={keyParameters(config)}>
          {keyParameters(config)}
        </span>
      </span>
      <span className="run-row-texts">
        <Scores before={method === "predict" ? null : miouBefore} after={isActive(status) ? null : miouAfter} />
        <span className="run-row-second">
          {method !== "predict" && !isActive(status) && gainOf(run) !== null && <GainText gain={gainOf(run)} />}
        </span>
      </span>
      <span className="run-row-texts">
        <StatusMark status={status} />
        {status === "running" ? (
          <RunningBar run={run} />
        ) : (
          <span className="run-row-second" title={run.error?.message}>
            {run.error?.message ?? (duration === null ? "" : formatDuration(duration))}
          </span>
        )}
      </span>
      <span className="run-row-texts">
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
      </span>
    </div>
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

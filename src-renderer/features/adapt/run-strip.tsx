// The runs of this image, side by side: what tells them apart, how good they are, the best so far; one is pinned to compare.
import { Loader } from "@mantine/core";
import { IconPin, IconPinFilled, IconStarFilled } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Run, RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { formatShare } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { queries } from "../../state/queries.ts";
import { runDifferences } from "../../state/run-differences.ts";
import { formatDate, gainOf, isActive, STATUS_TITLES } from "../../state/run-words.ts";
import { useAdaptView, withPinnedRun } from "./adapt-view.ts";
import { bestRun, resultOf } from "./run-results.ts";
import { showRun } from "./use-shown-run.ts";
import "./run-strip.css";

interface Props {
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  readonly shown: RunId | null;
}

export function RunStrip({ runs, shown }: Props) {
  const whole = useWholeRuns(runs);
  const best = bestRun(whole);
  const differences = runDifferences(runs);
  const pinned = useAdaptView(({ reference }) =>
    reference.kind === "run" && reference.iteration === null ? reference.runId : null,
  );
  if (runs.length < 2) return null;
  return (
    <nav className="run-strip" aria-label="Runs of this image">
      {runs.map((run, place) => (
        <RunChip
          key={run.id}
          run={run}
          whole={whole.find(({ id }) => id === run.id)}
          words={differences[place] ?? ""}
          isShown={run.id === shown}
          isBest={run.id === best}
          isPinned={run.id === pinned}
        />
      ))}
    </nav>
  );
}

interface ChipProps {
  readonly run: RunSummary;
  readonly whole: Run | undefined;
  readonly words: string;
  readonly isShown: boolean;
  readonly isBest: boolean;
  readonly isPinned: boolean;
}

function RunChip({ run, whole, words, isShown, isBest, isPinned }: ChipProps) {
  const canBePinned = run.status === "finished" || run.status === "cancelled";
  return (
    <div className="run-chip" data-shown={isShown || undefined}>
      <button
        type="button"
        className="run-chip-button"
        aria-current={isShown ? "true" : undefined}
        title={`${words}, ${formatDate(run.createdAt, Date.now())}`}
        onClick={() => showRun(run.id)}
      >
        {isBest && <IconStarFilled size={12} role="img" aria-label="Best so far" className="run-chip-best" />}
        <span className="cut">{words}</span>
        <Result run={run} whole={whole} />
      </button>
      {canBePinned && (
        <IconButton
          size={20}
          className="run-chip-pin"
          label={isPinned ? "Unpin this run" : "Pin this run to compare with it"}
          aria-pressed={isPinned}
          data-pinned={isPinned || undefined}
          onClick={() => useAdaptView.setState((view) => withPinnedRun(view, isPinned ? null : run.id))}
        >
          {isPinned ? <IconPinFilled size={13} /> : <IconPin size={13} />}
        </IconButton>
      )}
    </div>
  );
}

/** Mean IoU and gain by the labels; without them the entropy, which says how sure the model is and no more. */
function Result({ run, whole }: Pick<ChipProps, "run" | "whole">) {
  if (isActive(run.status)) {
    return (
      <span className="run-chip-result">
        {run.status === "running" ? <Loader size={11} aria-label="Running" /> : STATUS_TITLES[run.status]}
      </span>
    );
  }
  const result = whole === undefined ? null : resultOf(whole);
  if (result === null) return <span className="run-chip-result dimmed">{STATUS_TITLES[run.status]}</span>;
  return (
    <span className="run-chip-result">
      {result.miou === null ? (
        <span title="Mean entropy: lower is surer, not better">entropy {formatShare(result.entropy)}</span>
      ) : (
        <>
          {formatShare(result.miou)} <GainText gain={gainOf(run)} />
        </>
      )}
      {result.isCollapsed && <span className="run-chip-collapsed">collapsed</span>}
    </span>
  );
}

/** With what they kept, as far as it is here. */
function useWholeRuns(runs: readonly RunSummary[]): readonly Run[] {
  const ended = runs.filter(({ status }) => !isActive(status));
  return useQueries({
    queries: ended.map(({ id }) => ({ ...queries.run(id), staleTime: 60_000 })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
}

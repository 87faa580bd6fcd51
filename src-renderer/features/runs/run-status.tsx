// A run's status as a mark and a word, and how far it is while it runs.
import { Progress } from "@mantine/core";
import type { RunStatus, RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { StatusMark as Mark } from "../../components/status-mark.tsx";
import { useRun } from "../../state/entities.ts";
import { progressOf } from "../../state/run-progress.ts";
import { STATUS_TITLES } from "../../state/run-words.ts";

export function StatusMark({ status }: { readonly status: RunStatus }) {
  return <Mark status={status} title={STATUS_TITLES[status]} />;
}

/** The bar of a run that is going on. */
export function RunningBar({ run }: { readonly run: RunSummary }) {
  const whole = useRun(run.id);
  const { label, fraction } = progressOf(whole ?? { ...run, lastEvent: null });
  return (
    <span className="running-bar">
      <Progress value={(fraction ?? 0) * 100} aria-label={`Progress: ${label}`} size={3} />
      <span className="run-row-second">{label}</span>
    </span>
  );
}

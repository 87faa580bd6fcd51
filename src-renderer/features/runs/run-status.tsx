// A run's status as a mark and a word, and how far it is while it runs.
import { Progress } from "@mantine/core";
import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleX,
  IconPlugConnectedX,
  IconProgress,
  type TablerIcon,
} from "@tabler/icons-react";
import type { RunStatus, RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { useRun } from "../../state/entities.ts";
import { progressOf } from "../../state/run-progress.ts";
import { STATUS_TITLES } from "../../state/run-words.ts";

const ICONS: Readonly<Record<RunStatus, TablerIcon>> = {
  queued: IconCircleDashed,
  running: IconProgress,
  finished: IconCircleCheck,
  failed: IconCircleX,
  cancelled: IconCircleMinus,
  interrupted: IconPlugConnectedX,
};

export function StatusMark({ status }: { readonly status: RunStatus }) {
  const Icon = ICONS[status];
  return (
    <span className="run-status" data-status={status}>
      <Icon size={15} stroke={1.8} aria-hidden="true" />
      {STATUS_TITLES[status]}
    </span>
  );
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

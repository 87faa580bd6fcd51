// The status of something that takes long, as a mark and a word.
import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleX,
  IconPlayerPause,
  IconPlugConnectedX,
  IconProgress,
  type TablerIcon,
} from "@tabler/icons-react";
import type { RunStatus } from "../../src-shared/contract/workbench/runs.ts";
import "./status-mark.css";

const ICONS: Readonly<Record<RunStatus | "paused", TablerIcon>> = {
  queued: IconCircleDashed,
  running: IconProgress,
  paused: IconPlayerPause,
  finished: IconCircleCheck,
  failed: IconCircleX,
  cancelled: IconCircleMinus,
  interrupted: IconPlugConnectedX,
};

interface StatusMarkProps {
  readonly status: RunStatus | "paused";
  readonly title: string;
}

export function StatusMark({ status, title }: StatusMarkProps) {
  const Icon = ICONS[status];
  return (
    <span className="status-mark" data-status={status}>
      <Icon size={15} stroke={1.8} aria-hidden="true" />
      {title}
    </span>
  );
}

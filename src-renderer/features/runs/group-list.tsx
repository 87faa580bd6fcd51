// Runs that were started together: sweeps and batches with how far they are, one of which may be looked at alone.
import { Button, Progress, UnstyledButton } from "@mantine/core";
import { IconGridDots, IconHistory, IconPlayerStop, IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { RUN_STATUSES, type RunGroup } from "../../../src-shared/contract/workbench/runs.ts";
import { countOf, formatCount } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { queries } from "../../state/queries.ts";
import { formatDate } from "../../state/run-words.ts";
import { sentenceOf } from "../../state/tell.ts";
import "./group-list.css";
import { activeCount, cancelGroup } from "./run-actions.ts";
import { changeFilter, useRunView } from "./run-view.ts";

interface GroupListProps {
  readonly onStartSweep: () => void;
  /** Why no sweep can be started now; null when one can. */
  readonly problem: string | null;
}

export function GroupList({ onStartSweep, problem }: GroupListProps) {
  const { data, error } = useQuery(queries.groups());
  const groupId = useRunView((view) => view.filter.groupId);
  return (
    <aside className="group-list" aria-label="Sweeps and batches">
      <ul className="group-list-items">
        <li>
          <UnstyledButton
            className="group-item"
            aria-current={groupId === null || undefined}
            onClick={() => groupId !== null && changeFilter("show all runs", { groupId: null })}
          >
            <IconHistory size={18} stroke={1.5} aria-hidden="true" className="group-item-icon" />
            <span className="group-item-name">All runs</span>
          </UnstyledButton>
        </li>
        {data !== undefined && data.length > 0 && <li className="group-list-title">Sweeps and batches</li>}
        {data?.map((group) => (
          <li key={group.id}>
            <GroupItem group={group} isCurrent={group.id === groupId} />
          </li>
        ))}
        {data === undefined && error === null && <li className="group-list-skeleton skeleton" />}
      </ul>
      {error !== null && <Notice level="error">{sentenceOf(error)}</Notice>}
      <div className="group-list-foot">
        <Button
          fullWidth
          variant="default"
          disabled={problem !== null}
          leftSection={<IconGridDots size={16} stroke={1.6} aria-hidden="true" />}
          onClick={onStartSweep}
        >
          Start a sweep…
        </Button>
        <p className="dimmed">{problem ?? "One image, many settings, side by side"}</p>
      </div>
    </aside>
  );
}

export function runsOf({ counts }: Pick<RunGroup, "counts">): number {
  return RUN_STATUSES.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
}

export function groupName({ kind, name, checkpoint }: RunGroup): string {
  if (name !== "") return name;
  return kind === "sweep" ? `Sweep of ${checkpoint.name}` : `Batch with ${checkpoint.name}`;
}

function GroupItem({ group, isCurrent }: { readonly group: RunGroup; readonly isCurrent: boolean }) {
  const total = runsOf(group);
  const active = activeCount(group);
  const Icon = group.kind === "sweep" ? IconGridDots : IconStack2;
  const name = groupName(group);
  return (
    <div className="group-item-row">
      <UnstyledButton
        className="group-item"
        aria-current={isCurrent || undefined}
        title={name}
        onClick={() => !isCurrent && changeFilter(`show ${name}`, { groupId: group.id })}
      >
        <Icon size={18} stroke={1.5} aria-hidden="true" className="group-item-icon" />
        <span className="group-item-texts">
          <span className="group-item-name">{name}</span>
          <span className="group-item-detail">
            {active > 0
              ? `${formatCount(total - active)} of ${countOf(total, "run")}`
              : `${countOf(total, "run")} · ${formatDate(group.createdAt, Date.now())}`}
          </span>
          {active > 0 && (
            <Progress
              value={((total - active) / Math.max(1, total)) * 100}
              aria-label={`Progress of ${name}`}
              size={3}
              mt={5}
            />
          )}
        </span>
      </UnstyledButton>
      {active > 0 && (
        <IconButton
          label={`Cancel the ${countOf(active, "run")} left`}
          className="group-item-stop"
          onClick={() => void cancelGroup(group.id)}
        >
          <IconPlayerStop size={15} stroke={1.8} />
        </IconButton>
      )}
    </div>
  );
}

// Runs that were started together: sweeps and batches with how far they are, one of which may be looked at alone.
import { Button, Progress } from "@mantine/core";
import { IconGridDots, IconHistory, IconPlayerStop, IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { RUN_STATUSES, type RunGroup } from "../../../src-shared/contract/workbench/runs.ts";
import { countOf, formatCount, shortName } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { SideList, SideListItem, SideListTexts } from "../../components/side-list.tsx";
import { queries } from "../../state/queries.ts";
import { formatDate } from "../../state/run-words.ts";
import { sentenceOf } from "../../state/tell.ts";
import "./group-list.css";
import { cancelGroup } from "../../state/stop-job.ts";
import { activeCount } from "./run-actions.ts";
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
    <SideList
      label="Sweeps and batches"
      className="group-list"
      skeletons={data === undefined && error === null ? 1 : 0}
      notice={error !== null && <Notice level="error">{sentenceOf(error)}</Notice>}
      foot={
        <>
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
        </>
      }
    >
      <li>
        <SideListItem
          isCurrent={groupId === null}
          onClick={() => groupId !== null && changeFilter("show all runs", { groupId: null })}
        >
          <SideListTexts icon={IconHistory} name="All runs" />
        </SideListItem>
      </li>
      {data !== undefined && data.length > 0 && <li className="group-list-title">Sweeps and batches</li>}
      {data?.map((group) => (
        <li key={group.id}>
          <GroupItem group={group} isCurrent={group.id === groupId} />
        </li>
      ))}
    </SideList>
  );
}

export function runsOf({ counts }: Pick<RunGroup, "counts">): number {
  return RUN_STATUSES.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
}

export function groupName({ kind, name, checkpoint }: RunGroup): string {
  // A sweep is named after its image.
  if (name !== "") return kind === "sweep" ? shortName(name) : name;
  return kind === "sweep" ? `Sweep of ${checkpoint.name}` : `Batch with ${checkpoint.name}`;
}

function GroupItem({ group, isCurrent }: { readonly group: RunGroup; readonly isCurrent: boolean }) {
  const total = runsOf(group);
  const active = activeCount(group);
  const icon = group.kind === "sweep" ? IconGridDots : IconStack2;
  const name = groupName(group);
  return (
    <>
      <SideListItem
        isCurrent={isCurrent}
        title={name}
        onClick={() => !isCurrent && changeFilter(`show ${name}`, { groupId: group.id })}
      >
        <SideListTexts
          icon={icon}
          name={name}
          detail={
            active > 0
              ? `${formatCount(total - active)} of ${countOf(total, "run")}`
              : `${countOf(total, "run")} · ${formatDate(group.createdAt, Date.now())}`
          }
        >
          {active > 0 && (
            <Progress
              value={((total - active) / Math.max(1, total)) * 100}
              aria-label={`Progress of ${name}`}
              size={3}
              mt={5}
            />
          )}
        </SideListTexts>
      </SideListItem>
      {active > 0 && (
        <IconButton
          label={`Cancel the ${countOf(active, "run")} left`}
          className="group-list-stop"
          onClick={() => void cancelGroup(group.id)}
        >
          <IconPlayerStop size={15} stroke={1.8} />
        </IconButton>
      )}
    </>
  );
}

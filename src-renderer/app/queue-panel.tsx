// What computes and what waits, in order: opened from the status line; cancelled and moved from here.
import { Popover, Progress, UnstyledButton } from "@mantine/core";
import { IconArrowBarToUp, IconArrowDown, IconArrowUp, IconPlayerStop, IconX } from "@tabler/icons-react";
import { skipToken, useQuery } from "@tanstack/react-query";
import { create } from "zustand";
import type { RunId } from "../../src-shared/contract/workbench/ids.ts";
import type { Queue, QueueItem, QueueItemId } from "../../src-shared/contract/workbench/queue.ts";
import type { Run } from "../../src-shared/contract/workbench/runs.ts";
import { formatCount, formatDuration } from "../components/format.ts";
import { IconButton } from "../components/icon-button.tsx";
import { Notice } from "../components/notice.tsx";
import { api } from "../state/api.ts";
import { useNavigation } from "../state/navigation.ts";
import { neighbourFor, useQueue } from "../state/queue.ts";
import { cancelItem, stopNow, useStopping } from "../state/stop-job.ts";
import { tellFailure } from "../state/tell.ts";
import { itemProgress, itemWords, placeOf, waitWords } from "./queue-words.ts";
import "./queue-panel.css";

const useQueuePanel = create<{ readonly isOpen: boolean }>(() => ({ isOpen: false }));

export function toggleQueuePanel(): void {
  useQueuePanel.setState(({ isOpen }) => ({ isOpen: !isOpen }));
}

const close = () => useQueuePanel.setState({ isOpen: false });

/** The button in the status line, and the panel over it. */
export function QueueButton() {
  const queue = useQueue();
  const isOpen = useQueuePanel((state) => state.isOpen);
  if (queue === undefined) return null;
  const waiting = waitingCount(queue);
  return (
    <Popover
      opened={isOpen}
      onChange={(opened) => useQueuePanel.setState({ isOpen: opened })}
      position="top-start"
      width={440}
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <UnstyledButton className="status-button" aria-expanded={isOpen} onClick={toggleQueuePanel}>
          {waiting > 0 ? `${formatCount(waiting)} waiting` : queue.items.length > 0 ? "Queue" : "Nothing in the queue"}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className="queue-panel" aria-labelledby="queue-title">
        <h2 id="queue-title">Queue</h2>
        {queue.heldBecause !== null && <Notice level="error">{queue.heldBecause}</Notice>}
        {queue.items.length === 0 ? (
          <p className="dimmed">Nothing computes, nothing waits.</p>
        ) : (
          <ol>
            {queue.items.map((item, place) => (
              <Row key={item.id} queue={queue} item={item} place={place} />
            ))}
          </ol>
        )}
        {queue.unlisted > 0 && <p className="dimmed">And {formatCount(queue.unlisted)} more.</p>}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Runs, evaluations and trainings that have not begun. */
export function waitingCount({ items, unlisted }: Queue): number {
  const listed = items.map((item) => {
    if (item.kind === "group") return item.state === "waiting" ? item.open : item.open - 1;
    return item.state === "waiting" ? 1 : 0;
  });
  return listed.reduce<number>((sum, count) => sum + count, unlisted);
}

/** A run that computes, with what is known of it only while it does. */
export function useRunOf(item: QueueItem | undefined): Run | undefined {
  const id: RunId | undefined =
    item !== undefined && "run" in item && item.state !== "waiting" ? item.run?.id : undefined;
  return useQuery({
    queryKey: ["run", id],
    queryFn: id === undefined ? skipToken : () => api.runs.get.query({ id }),
  }).data;
}

/** As the server knows it, or this window since a moment ago. */
export function useShownItem(item: QueueItem): QueueItem {
  const isStopping = useStopping(({ ids }) => ids.has(item.id) || ("run" in item && ids.has(item.run?.id ?? item.id)));
  return isStopping && item.state !== "waiting" ? { ...item, state: "stopping" } : item;
}

interface RowProps {
  readonly queue: Queue;
  readonly item: QueueItem;
  readonly place: number;
}

function Row({ queue, item: told, place }: RowProps) {
  const item = useShownItem(told);
  const run = useRunOf(item);
  const go = useNavigation((state) => state.go);
  const { kind, name, detail } = itemWords(item);
  const { label, fraction } = itemProgress(item, run);
  const isWaiting = item.state === "waiting";
  const open = () => {
    go(placeOf(item));
    close();
  };
  return (
    <li className="queue-row" data-state={item.state}>
      <div className="queue-row-text">
        <UnstyledButton className="queue-row-name" title={name} onClick={open}>
          {name}
        </UnstyledButton>
        <span className="queue-row-kind">{kind}</span>
        <span className="queue-row-detail">{detail}</span>
        <span className="queue-row-detail">
          {isWaiting ? waitWords(queue, place) : label}
          {item.leftMs !== null && item.state !== "stopping" && (
            <span className="dimmed">
              {" "}
              · {isWaiting ? "takes about" : "about"} {formatDuration(item.leftMs)}
              {!isWaiting && " left"}
            </span>
          )}
        </span>
        {!isWaiting && <Progress size={4} value={(fraction ?? 0) * 100} aria-label={`Progress of ${name}: ${label}`} />}
      </div>
      <div className="queue-row-actions">
        {isWaiting && <Moves items={queue.items} place={place} name={name} />}
        {item.state === "stopping" && item.kind === "training" ? (
          <IconButton label="Stop now, in the middle of the step" onClick={() => void stopNow(item.id)}>
            <IconPlayerStop size={15} />
          </IconButton>
        ) : (
          <IconButton
            label={`${item.kind === "training" ? "Stop" : "Cancel"} ${name}`}
            disabled={item.state === "stopping"}
            onClick={() => void cancelItem(item.id)}
          >
            <IconX size={15} />
          </IconButton>
        )}
      </div>
    </li>
  );
}

interface MovesProps {
  readonly items: readonly QueueItem[];
  readonly place: number;
  readonly name: string;
}

function Moves({ items, place, name }: MovesProps) {
  const id = (items[place] as QueueItem).id; // the row's own
  const move = (before: QueueItemId | null | undefined): void => {
    if (before === undefined) return;
    api.queue.move.mutate({ id, before }).catch((error: unknown) => tellFailure("The order was not changed", error));
  };
  const [first, up, down] = (["first", "up", "down"] as const).map((way) => neighbourFor(items, place, way));
  return (
    <>
      <IconButton label={`${name} first`} disabled={first === undefined} onClick={() => move(first)}>
        <IconArrowBarToUp size={15} />
      </IconButton>
      <IconButton label={`${name} up`} disabled={up === undefined} onClick={() => move(up)}>
        <IconArrowUp size={15} />
      </IconButton>
      <IconButton label={`${name} down`} disabled={down === undefined} onClick={() => move(down)}>
        <IconArrowDown size={15} />
      </IconButton>
    </>
  );
}

// The line at the bottom: the engine, the queue, memory and disk.
import { Progress, Tooltip, UnstyledButton } from "@mantine/core";
import { IconCpu, IconDatabase, IconRefresh, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { QueueItem } from "../../src-shared/contract/workbench/queue.ts";
import type { EngineState, MemoryUse } from "../../src-shared/contract/workbench/system.ts";
import { formatBytes, formatDuration } from "../components/format.ts";
import { IconButton } from "../components/icon-button.tsx";
import { api } from "../state/api.ts";
import { useConnection } from "../state/events.ts";
import { useNavigation } from "../state/navigation.ts";
import { queries } from "../state/queries.ts";
import { useQueue } from "../state/queue.ts";
import { cancelItem } from "../state/stop-job.ts";
import { tellFailure } from "../state/tell.ts";
import { MessagesButton } from "./messages-button.tsx";
import { QueueButton, useRunOf, useShownItem } from "./queue-panel.tsx";
import { itemProgress, itemWords, placeOf } from "./queue-words.ts";
import "./status-bar.css";

export function StatusBar() {
  return (
    <footer className="status-bar">
      <Engine />
      <Queue />
      <span className="status-space" />
      <Memory />
      <MessagesButton />
    </footer>
  );
}

const ENGINE_WORDS: Readonly<Record<EngineState["status"], string>> = {
  starting: "Engine starting",
  ready: "Engine ready",
  stopped: "Engine stopped",
  failed: "Engine failed",
};

function Engine() {
  const engine = useQuery(queries.system()).data?.engine;
  const connection = useConnection(({ status }) => status);
  if (connection === "lost" || connection === "refused") {
    return (
      <span className="status-item" data-engine="failed">
        <span className="status-dot" /> Server not reached
      </span>
    );
  }
  if (engine === undefined) return <span className="status-item dimmed">Connecting</span>;
  const message = "message" in engine ? engine.message : undefined;
  const item = (
    <span className="status-item" data-engine={engine.status}>
      <span className="status-dot" /> {ENGINE_WORDS[engine.status]}
      {engine.status === "failed" && <span className="status-sentence">{message}</span>}
    </span>
  );
  return (
    <>
      {message === undefined ? (
        item
      ) : (
        <Tooltip label={message} multiline maw={480}>
          {item}
        </Tooltip>
      )}
      {engine.status === "failed" && (
        <UnstyledButton className="status-button" onClick={restartEngine}>
          <IconRefresh size={13} aria-hidden="true" /> Restart
        </UnstyledButton>
      )}
    </>
  );
}

export function restartEngine(): void {
  api.system.restartEngine.mutate().catch((error: unknown) => tellFailure("The engine did not start", error));
}

function Queue() {
  const current = useQueue()?.items.find(({ state }) => state !== "waiting");
  return (
    <span className="status-item status-run">
      {current !== undefined && <Current item={current} />}
      <QueueButton />
    </span>
  );
}

function Current({ item: told }: { readonly item: QueueItem }) {
  const item = useShownItem(told);
  const run = useRunOf(item);
  const go = useNavigation((state) => state.go);
  const { kind, name } = itemWords(item);
  const { label, fraction } = itemProgress(item, run);
  const verb = item.kind === "training" ? "Stop" : "Cancel";
  return (
    <>
      <UnstyledButton
        className="status-button status-run-name"
        onClick={() => go(placeOf(item))}
        title={`${kind}: ${name}`}
      >
        {name}
      </UnstyledButton>
      <Progress
        className="status-progress"
        value={(fraction ?? 0) * 100}
        aria-label={`Progress of ${name}`}
        transitionDuration={150}
      />
      <span className="status-run-label">{label}</span>
      {item.leftMs !== null && item.state === "running" && (
        <span className="status-optional dimmed">{formatDuration(item.leftMs)} left</span>
      )}
      <IconButton
        label={`${verb} this ${kind.toLowerCase()}`}
        size={20}
        disabled={item.state === "stopping"}
        onClick={() => void cancelItem(item.id)}
      >
        <IconX size={13} />
      </IconButton>
    </>
  );
}

/** Below this a run of a large image may not fit, or its results not be kept. */
const LOW_BYTES = 1024 ** 3;

function Memory() {
  const memory: MemoryUse | undefined = useQuery(queries.memory()).data;
  if (memory === undefined) return null;
  const { engineBytes, serverBytes, freeBytes, totalBytes, diskFreeBytes } = memory;
  return (
    <>
      <Tooltip
        multiline
        label={`Engine ${formatBytes(engineBytes)}, server ${formatBytes(serverBytes)}, ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free`}
      >
        <span className="status-item dimmed" data-low={freeBytes < LOW_BYTES || undefined}>
          <IconCpu size={14} aria-hidden="true" />
          <span>Engine {formatBytes(engineBytes)}</span>
          <span className="status-optional">Server {formatBytes(serverBytes)}</span>
          <span>{formatBytes(freeBytes)} free</span>
        </span>
      </Tooltip>
      <Tooltip label="Free on the disk of the workspace">
        <span className="status-item dimmed" data-low={diskFreeBytes < LOW_BYTES || undefined}>
          <IconDatabase size={14} aria-hidden="true" />
          <span>Disk {formatBytes(diskFreeBytes)} free</span>
        </span>
      </Tooltip>
    </>
  );
}

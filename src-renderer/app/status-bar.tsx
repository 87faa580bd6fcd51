// The line at the bottom: the engine, the queue, memory and disk.
import { Progress, Tooltip, UnstyledButton } from "@mantine/core";
import { IconCpu, IconDatabase, IconRefresh, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { RunId } from "../../src-shared/contract/workbench/ids.ts";
import type { EngineState, MemoryUse } from "../../src-shared/contract/workbench/system.ts";
import { formatBytes, formatCount, shortName } from "../components/format.ts";
import { IconButton } from "../components/icon-button.tsx";
import { api } from "../state/api.ts";
import { cancelRun } from "../state/cancel-run.ts";
import { useConnection } from "../state/events.ts";
import { useNavigation } from "../state/navigation.ts";
import { queries } from "../state/queries.ts";
import { progressOf } from "../state/run-progress.ts";
import { tellFailure } from "../state/tell.ts";
import "./status-bar.css";

export function StatusBar() {
  return (
    <footer className="status-bar">
      <Engine />
      <Queue />
      <span className="status-space" />
      <Memory />
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
  if (connection === "lost") {
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

/** Asked for apart: lists begin with the newest run, and of a batch of thousands it is an old one that runs. */
const RUNNING = { statuses: ["running" as const], limit: 1 };
const WAITING = { statuses: ["queued" as const], limit: 1 };

function Queue() {
  const running = useQuery(queries.runs(RUNNING)).data?.runs[0];
  const waiting = useQuery(queries.runs(WAITING)).data?.total ?? 0;
  if (running === undefined) {
    return waiting > 0 ? <span className="status-item dimmed">{formatCount(waiting)} waiting</span> : null;
  }
  return <RunningRun id={running.id} waiting={waiting} />;
}

function RunningRun({ id, waiting }: { readonly id: RunId; readonly waiting: number }) {
  const run = useQuery(queries.run(id)).data;
  const go = useNavigation((state) => state.go);
  if (run === undefined) return null;
  const { label, fraction } = progressOf(run);
  const open = () => go({ screen: "adapt", datasetId: run.image.datasetId, imageId: run.image.id, runId: id });
  return (
    <span className="status-item status-run">
      <UnstyledButton className="status-button status-run-name" onClick={open} title={run.image.key}>
        {shortName(run.image.key)}
      </UnstyledButton>
      <Progress
        className="status-progress"
        value={(fraction ?? 0) * 100}
        aria-label={`Progress of ${run.image.key}`}
        transitionDuration={150}
      />
      <span className="status-run-label">{label}</span>
      {waiting > 0 && (
        <UnstyledButton className="status-button dimmed" onClick={() => go({ screen: "runs" })}>
          {formatCount(waiting)} waiting
        </UnstyledButton>
      )}
      <IconButton label="Cancel this run" size={20} onClick={() => void cancelRun(id)}>
        <IconX size={13} />
      </IconButton>
    </span>
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

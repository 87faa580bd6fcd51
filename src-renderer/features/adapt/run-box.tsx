// The button that runs, what it will take, how far it is, and what went wrong.
import { Button, Progress } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlayerPlayFilled, IconPlayerStopFilled } from "@tabler/icons-react";
import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import type { Run, StartRun } from "../../../src-shared/contract/workbench/runs.ts";
import { formatBytes, formatDuration } from "../../components/format.ts";
import { KeyCombo } from "../../components/key-combo.tsx";
import { Notice } from "../../components/notice.tsx";
import { formProblem, useAdaptForm } from "../../state/adapt-form.ts";
import { api } from "../../state/api.ts";
import { hasEnded } from "../../state/event-to-cache.ts";
import { isMac } from "../../state/keys.ts";
import { useQueue, waitText } from "../../state/queue.ts";
import { progressOf } from "../../state/run-progress.ts";
import { METHOD_TITLES } from "../../state/run-words.ts";
import { useSettings } from "../../state/settings.ts";
import { cancelRun, useStopping } from "../../state/stop-job.ts";
import { sentenceOf } from "../../state/tell.ts";
import { FormDifference } from "./form-difference.tsx";
import { runEnd } from "./run-end.ts";
import { machineFrom, startRun } from "./start-run.ts";

interface Props {
  readonly image: ImageItem | undefined;
  readonly checkpoint: Checkpoint | undefined;
  readonly run: Run | null;
  readonly runProblem: string | null;
}

export function RunBox({ image, checkpoint, run, runProblem }: Props) {
  const config = useAdaptForm((state) => state.config);
  const isActive = run !== null && !hasEnded(run.status);
  const isStopping = useStopping(({ ids }) => run !== null && ids.has(run.id));
  const problem = formProblem(config);
  const canRun = image !== undefined && checkpoint?.problem === null && checkpoint.isAvailable && problem === null;
  return (
    <div className="run-box">
      {runProblem !== null && <Notice level="error">{runProblem}</Notice>}
      {run !== null && <RunEnd run={run} />}
      {run !== null && !isActive && <FormDifference run={run} />}
      {problem !== null && <Notice level="error">{problem}</Notice>}
      {isActive ? <RunProgressLine run={run} /> : <EstimateLine image={image} checkpoint={checkpoint} />}
      {isActive ? (
        <Button
          className="run-button"
          size="md"
          fullWidth
          variant="default"
          leftSection={<IconPlayerStopFilled size={14} />}
          rightSection={<KeyCombo parts={["Esc"]} />}
          disabled={isStopping}
          onClick={() => void cancelRun(run.id)}
        >
          {isStopping ? "Stopping…" : "Cancel"}
        </Button>
      ) : (
        <Button
          className="run-button"
          size="md"
          fullWidth
          disabled={!canRun}
          leftSection={<IconPlayerPlayFilled size={14} />}
          rightSection={<KeyCombo parts={[isMac(navigator.platform) ? "⌘" : "Ctrl", "Enter"]} />}
          onClick={() => void startRun(image?.id ?? null, checkpoint?.id ?? null)}
        >
          {METHOD_TITLES[config.method]}
        </Button>
      )}
    </div>
  );
}

function RunProgressLine({ run }: { readonly run: Run }) {
  const queue = useQueue();
  const progress = progressOf(run);
  const { fraction } = progress;
  const label = run.status === "queued" ? waitText(queue, run.groupId ?? run.id) : progress.label;
  return (
    <div className="run-progress" role="status">
      <div className="run-progress-line">
        <span>{label}</span>
        {run.lastLoss !== null && <span className="dimmed">loss {run.lastLoss.toPrecision(3)}</span>}
      </div>
      <Progress
        value={fraction === null ? 100 : fraction * 100}
        animated={fraction === null}
        aria-label={`${METHOD_TITLES[run.method]}: ${label}`}
      />
    </div>
  );
}

/** What ended otherwise than it should, in place; finished iterations stay in the panes. */
function RunEnd({ run }: { readonly run: Run }) {
  const end = runEnd(run);
  return end === null ? null : <Notice level={end.level}>{end.text}</Notice>;
}

/** Time to settle on a value before the server is asked. */
const DEBOUNCE_MS = 250;

function EstimateLine({ image, checkpoint }: Pick<Props, "image" | "checkpoint">) {
  const config = useAdaptForm((state) => state.config);
  const settings = useSettings();
  const imageId = image?.id;
  const checkpointId = checkpoint?.problem === null ? checkpoint.id : undefined;
  const request = useMemo((): StartRun | null => {
    if (imageId === undefined || checkpointId === undefined || formProblem(config) !== null) return null;
    return { imageId, checkpointId, config, machine: machineFrom(settings) };
  }, [imageId, checkpointId, config, settings]);
  const [settled] = useDebouncedValue(request, DEBOUNCE_MS);
  const { data, error } = useQuery({
    queryKey: ["estimate", settled],
    queryFn: settled === null ? skipToken : () => api.runs.estimate.query(settled),
    placeholderData: keepPreviousData,
  });
  if (request === null) return null;
  if (error !== null) return <Notice level="warning">{sentenceOf(error)}</Notice>;
  if (data === undefined) return <p className="estimate dimmed">Estimating…</p>;
  const isTight = data.peakBytes > data.freeBytes;
  return (
    <>
      <p className="estimate">
        <span
          title={
            data.basis === "measured"
              ? "From earlier runs here"
              : "Calculated from the arithmetic; no run has been measured yet"
          }
        >
          {data.basis === "calculated" && "about "}
          <strong>{formatDuration(data.milliseconds)}</strong>
        </span>
        <span title="Largest memory of the engine">
          <strong>{formatBytes(data.peakBytes)}</strong> memory
        </span>
        <span className="dimmed">{data.basis}</span>
      </p>
      {isTight && (
        <Notice level="warning">
          Only {formatBytes(data.freeBytes)} are free. The run may end for lack of memory; a sliding window or smaller
          scales need less.
        </Notice>
      )}
    </>
  );
}

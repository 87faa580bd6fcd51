// The dialog that starts a sweep: values to try, what stays the same, how many runs that makes and how long they take.
import { Button, Group, Modal, Select, Switch } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type CheckpointId, checkpointIdSchema } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { RunConfigForm, StartRun } from "../../../src-shared/contract/workbench/runs.ts";
import { countOf, formatBytes, formatDuration, shortName } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { api } from "../../state/api.ts";
import { useImage } from "../../state/entities.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";
import { useSettings } from "../../state/settings.ts";
import { type SweepTarget, useSweepDialog } from "../../state/sweep-dialog.ts";
import { sentenceOf, tell } from "../../state/tell.ts";
import { parameterRows } from "./run-parameters.ts";
import { NO_FILTER, useRunView } from "./run-view.ts";
import "./sweep-dialog.css";
import { firstGrid, MAX_SWEEP_RUNS, runCount, sweepTime } from "./sweep-grid.ts";
import { SWEEP_AXES, type SweepGrid } from "./sweep-layout.ts";
import { ValueChips } from "./value-chips.tsx";

const CLOSE_BUTTON = { "aria-label": "Close" };

export function SweepDialog() {
  const { target, close } = useSweepDialog();
  return (
    <Modal opened={target !== null} onClose={close} title="Start a sweep" size={600} closeButtonProps={CLOSE_BUTTON}>
      {target !== null && <SweepForm target={target} onClose={close} />}
    </Modal>
  );
}

type SendState = { readonly status: "editing" | "starting" } | { readonly status: "failed"; readonly error: unknown };

function SweepForm({ target, onClose }: { readonly target: SweepTarget; readonly onClose: () => void }) {
  const image = useImage(target.imageId);
  const { runtime, provider, threads } = useSettings();
  const checkpoints = useQuery(queries.checkpoints()).data?.filter(
    ({ problem, isAvailable }) => problem === null && isAvailable,
  );
  const [chosenId, setChosenId] = useState<CheckpointId | null>(target.checkpointId);
  const [grid, setGrid] = useState(() => firstGrid(target.config));
  const [keepsAll, setKeepsAll] = useState(false);
  const [state, setState] = useState<SendState>({ status: "editing" });
  const checkpoint = checkpoints?.find(({ id }) => id === chosenId) ?? checkpoints?.[0];
  const count = runCount(grid);
  // Every run of a sweep keeps its first prediction and its last one; those in between only when asked for.
  const config: RunConfigForm = {
    ...target.config,
    method: "adapt",
    keepEvery: keepsAll ? 1 : Math.max(1, ...grid.numEpochs),
  };
  const machine = { runtime, provider, threads };

  const start = async () => {
    if (checkpoint === undefined || count > MAX_SWEEP_RUNS) return;
    setState({ status: "starting" });
    try {
      const request = { imageId: target.imageId, checkpointId: checkpoint.id, config, machine, grid };
      const group = await api.runs.startSweep.mutate(request);
      useRunView.setState({
        filter: { ...NO_FILTER, groupId: group.id },
        sweepTab: "pictures",
        selected: new Set(),
        cursor: null,
      });
      useNavigation.getState().go({ screen: "runs" });
      onClose();
      tell(`${countOf(count, "run")} waiting. Their parameters are fixed now.`);
    } catch (error) {
      setState({ status: "failed", error });
    }
  };

  return (
    <form
      className="sweep-form"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <div className="sweep-form-what">
        <img src={routes.thumbnail(target.imageId)} alt="" />
        <div>
          <strong>{image === undefined ? "…" : shortName(image.key)}</strong>
          <Select
            aria-label="Checkpoint"
            allowDeselect={false}
            placeholder="Open a checkpoint first"
            data={checkpoints?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
            value={checkpoint?.id ?? null}
            onChange={(value) => setChosenId(checkpointIdSchema.safeParse(value).data ?? null)}
          />
        </div>
      </div>
      {SWEEP_AXES.map((axis) => (
        <ValueChips
          key={axis}
          axis={axis}
          values={grid[axis]}
          onChange={(values) => setGrid({ ...grid, [axis]: values })}
        />
      ))}
      <Shared config={config} />
      <Switch
        label="Keep the prediction of every iteration"
        description="Otherwise each run keeps its first and its last."
        checked={keepsAll}
        onChange={(event) => setKeepsAll(event.currentTarget.checked)}
      />
      {checkpoint !== undefined && (
        <SweepEstimate
          request={{ imageId: target.imageId, checkpointId: checkpoint.id, config, machine }}
          grid={grid}
          count={count}
        />
      )}
      {count > MAX_SWEEP_RUNS && (
        <Notice level="warning">
          These are {countOf(count, "run")}; a sweep has at most {MAX_SWEEP_RUNS}. Switch some values off.
        </Notice>
      )}
      {state.status === "failed" && <Notice level="error">{sentenceOf(state.error)}</Notice>}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          type="submit"
          loading={state.status === "starting"}
          disabled={checkpoint === undefined || count > MAX_SWEEP_RUNS}
        >
          Start {countOf(count, "run")}
        </Button>
      </Group>
    </form>
  );
}

/** What is the same in all runs, as far as it is not the published recipe. */
function Shared({ config }: { readonly config: RunConfigForm }) {
  const varied = ["Learning rate", "Iterations", "Threshold", "Predictions kept"];
  const changed = parameterRows(config).filter(({ name, isChanged }) => isChanged && !varied.includes(name));
  return (
    <p className="dimmed sweep-form-shared">
      {changed.length === 0
        ? "All other parameters are those of the published recipe."
        : `The same in all runs: ${changed.map(({ name, value }) => `${name.toLowerCase()} ${value}`).join(", ")}; the rest as published.`}
    </p>
  );
}

interface SweepEstimateProps {
  readonly request: StartRun;
  readonly grid: SweepGrid;
  readonly count: number;
}

function SweepEstimate({ request, grid, count }: SweepEstimateProps) {
  const estimates = useQueries({
    queries: grid.numEpochs.map((numEpochs) =>
      queries.estimate({ ...request, config: { ...request.config, numEpochs } }),
    ),
  });
  const error = estimates.find((estimate) => estimate.error !== null)?.error ?? null;
  if (error !== null) return <Notice level="warning">{sentenceOf(error)}</Notice>;
  const known = estimates.flatMap(({ data }, index) =>
    data === undefined ? [] : [[grid.numEpochs[index] ?? 0, data] as const],
  );
  const milliseconds = sweepTime(grid, new Map(known.map(([epochs, { milliseconds: own }]) => [epochs, own])));
  if (milliseconds === null) return <div className="skeleton sweep-form-skeleton" />;
  const peakBytes = Math.max(...known.map(([, { peakBytes: own }]) => own));
  const freeBytes = Math.min(...known.map(([, { freeBytes: own }]) => own));
  const isTight = peakBytes > freeBytes;
  return (
    <Notice level={isTight ? "warning" : "info"}>
      <strong>
        {grid.baseLr.length} × {grid.numEpochs.length} × {grid.threshold.length} = {countOf(count, "run")}
      </strong>
      , about {formatDuration(milliseconds)}, one after another, and {formatBytes(peakBytes)} of memory
      {isTight ? `; only ${formatBytes(freeBytes)} are free` : ""}.{" "}
      <span className="dimmed">
        {known.every(([, { basis }]) => basis === "measured")
          ? "Measured in earlier runs here."
          : "Calculated; the first run will tell better."}
      </span>
    </Notice>
  );
}

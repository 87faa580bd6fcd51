// The dialog that starts a sweep: values to try, what stays the same, how many runs that makes and how long they take.
import { Button, Group, Modal, Select, Switch } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { axesOf, type ParameterGrid, runsOfGrid } from "../../../src-shared/contract/parameter-grid.ts";
import { parameterMeta } from "../../../src-shared/contract/parameters.ts";
import { type CheckpointId, checkpointIdSchema } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import type { RunConfigForm, StartRun } from "../../../src-shared/contract/workbench/runs.ts";
import { countOf, formatBytes, formatDuration, shortName } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { layersOptionOf } from "../../state/adapt-form.ts";
import { api } from "../../state/api.ts";
import { useImage } from "../../state/entities.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";
import { useSettings } from "../../state/settings.ts";
import { startOrAsk } from "../../state/start-anyway.ts";
import { type SweepTarget, useSweepDialog } from "../../state/sweep-dialog.ts";
import { sentenceOf, tell } from "../../state/tell.ts";
import { useIsOnTop } from "../../state/use-is-on-top.ts";
import { parameterRows } from "./run-parameters.ts";
import { NO_FILTER, useRunView } from "./run-view.ts";
import "./sweep-dialog.css";
import {
  estimatedConfigs,
  firstGrid,
  firstValues,
  gridRunCount,
  gridSize,
  gridWords,
  MAX_SWEEP_RUNS,
  offeredAxes,
  withValues,
} from "./sweep-grid.ts";
import { isAxis, type SweepAxis } from "./sweep-layout.ts";
import { ValueChips } from "./value-chips.tsx";

const CLOSE_BUTTON = { "aria-label": "Close" };

export function SweepDialog() {
  const { target, close } = useSweepDialog();
  const isOnTop = useIsOnTop();
  return (
    <Modal
      opened={target !== null}
      onClose={close}
      title="Start a sweep"
      size={600}
      closeOnEscape={isOnTop}
      closeButtonProps={CLOSE_BUTTON}
    >
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
  const [axes, setAxes] = useState<readonly SweepAxis[]>(["baseLr", "numEpochs"]);
  const [keepsAll, setKeepsAll] = useState(false);
  const [state, setState] = useState<SendState>({ status: "editing" });
  const checkpoint = checkpoints?.find(({ id }) => id === chosenId) ?? checkpoints?.[0];
  const count = gridRunCount(grid);
  const isTooMuch = gridSize(grid) > MAX_SWEEP_RUNS;
  // Every run keeps its first prediction, its last one and those that are read off it; others only when asked for.
  const config: RunConfigForm = {
    ...target.config,
    method: "adapt",
    keepEvery: keepsAll ? 1 : Math.max(1, ...(grid.numEpochs ?? [target.config.numEpochs])),
  };
  const machine = { runtime, provider, threads };

  const start = async () => {
    if (checkpoint === undefined || isTooMuch) return;
    setState({ status: "starting" });
    try {
      const request = { imageId: target.imageId, checkpointId: checkpoint.id, config, machine, grid };
      const group = await startOrAsk((isForced) => api.runs.startSweep.mutate({ ...request, isForced }));
      if (group === null) {
        setState({ status: "editing" });
        return;
      }
      useRunView.setState({
        filter: { ...NO_FILTER, groupId: group.id },
        sweepTab: axesOf(grid).length > 2 ? "table" : "pictures",
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
      {axes.map((axis) => (
        <ValueChips
          key={axis}
          axis={axis}
          values={grid[axis] ?? []}
          ownValue={target.config[axis]}
          onChange={(values) => setGrid(withValues(grid, axis, values))}
          onRemove={() => {
            setAxes(axes.filter((other) => other !== axis));
            setGrid(withValues(grid, axis, []));
          }}
        />
      ))}
      <AddAxis
        offered={offeredAxes(layersOptionOf(checkpoint?.backbone).name, target.config).filter(
          (axis) => !axes.includes(axis),
        )}
        onAdd={(axis) => {
          setAxes([...axes, axis]);
          setGrid(withValues(grid, axis, firstValues(axis, target.config)));
        }}
      />
      <Shared config={config} varied={axes} />
      <Switch
        label="Keep the prediction of every iteration"
        description="Otherwise each run keeps its first, its last, and those that are compared."
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
      {isTooMuch && (
        <Notice level="warning">
          These are {countOf(gridSize(grid), "result")}; a sweep has at most {MAX_SWEEP_RUNS}. Switch some values off.
        </Notice>
      )}
      {state.status === "failed" && <Notice level="error">{sentenceOf(state.error)}</Notice>}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={state.status === "starting"} disabled={checkpoint === undefined || isTooMuch}>
          Start {countOf(count, "run")}
        </Button>
      </Group>
    </form>
  );
}

interface AddAxisProps {
  readonly offered: readonly SweepAxis[];
  readonly onAdd: (axis: SweepAxis) => void;
}

function AddAxis({ offered, onAdd }: AddAxisProps) {
  if (offered.length === 0) return null;
  return (
    <Select
      className="sweep-form-add"
      aria-label="Vary another parameter"
      placeholder="Vary another parameter…"
      value={null}
      data={offered.map((axis) => ({ value: axis, label: parameterMeta(axis).title }))}
      onChange={(value) => {
        if (value !== null && isAxis(value)) onAdd(value);
      }}
    />
  );
}

interface SharedProps {
  readonly config: RunConfigForm;
  readonly varied: readonly SweepAxis[];
}

/** What is the same in all runs, as far as it is not the published recipe. */
function Shared({ config, varied }: SharedProps) {
  const left = new Set(["keepEvery", ...varied]);
  const changed = parameterRows(config).filter(({ key, isChanged }) => isChanged && !left.has(key));
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
  readonly grid: ParameterGrid;
  readonly count: number;
}

function SweepEstimate({ request, grid, count }: SweepEstimateProps) {
  const configs = estimatedConfigs(runsOfGrid(request.config, grid));
  const estimates = useQueries({ queries: configs.map(([config]) => queries.estimate({ ...request, config })) });
  const error = estimates.find((estimate) => estimate.error !== null)?.error ?? null;
  if (error !== null) return <Notice level="warning">{sentenceOf(error)}</Notice>;
  const known = estimates.flatMap(({ data }) => data ?? []);
  if (known.length < configs.length) return <div className="skeleton sweep-form-skeleton" />;
  const milliseconds = known.reduce((sum, { milliseconds: own }, place) => sum + own * (configs[place]?.[1] ?? 0), 0);
  const peakBytes = Math.max(...known.map(({ peakBytes: own }) => own));
  const freeBytes = Math.min(...known.map(({ freeBytes: own }) => own));
  const isTight = peakBytes > freeBytes;
  const words = gridWords(grid);
  return (
    <Notice level={isTight ? "warning" : "info"}>
      <strong>
        {words.includes("×") ? `${words} = ` : ""}
        {countOf(gridSize(grid), "result")}
      </strong>{" "}
      of {countOf(count, "run")}, about {formatDuration(milliseconds)}, one after another, and {formatBytes(peakBytes)}{" "}
      of memory{isTight ? `; only ${formatBytes(freeBytes)} are free` : ""}.{" "}
      <span className="dimmed">
        {known.every(({ basis }) => basis === "measured")
          ? "Measured in earlier runs here."
          : "Calculated; the first run will tell better."}
      </span>
    </Notice>
  );
}

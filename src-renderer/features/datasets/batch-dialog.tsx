// The dialog that starts one run an image: method, checkpoint, parameters, and what it will take.
import { Button, Group, Modal, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { create } from "zustand";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { type CheckpointId, checkpointIdSchema, type ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import type { RunMethod, StartRun } from "../../../src-shared/contract/workbench/runs.ts";
import { countOf, formatBytes, formatDuration } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { useAdaptForm } from "../../state/adapt-form.ts";
import { api } from "../../state/api.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";
import { METHOD_TITLES } from "../../state/run-words.ts";
import { useSettings } from "../../state/settings.ts";
import { startOrAsk } from "../../state/start-anyway.ts";
import { sentenceOf, tell } from "../../state/tell.ts";
import { useIsOnTop } from "../../state/use-is-on-top.ts";
import { parameterSets, summaryOf } from "./parameter-sets.ts";
import "./batch-dialog.css";

interface BatchTarget {
  readonly dataset: Dataset;
  readonly ids: readonly ImageId[];
}

const useBatchTarget = create<{ readonly target: BatchTarget | null }>(() => ({ target: null }));

export function openBatchDialog(target: BatchTarget): void {
  useBatchTarget.setState({ target });
}

function close(): void {
  useBatchTarget.setState({ target: null });
}

export function BatchDialog() {
  const { target } = useBatchTarget();
  const isOnTop = useIsOnTop();
  return (
    <Modal
      opened={target !== null}
      onClose={close}
      title={target === null ? "" : `Run on ${countOf(target.ids.length, "image")}`}
      size={520}
      closeOnEscape={isOnTop}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {target !== null && <BatchForm target={target} />}
    </Modal>
  );
}

const METHODS = (["adapt", "tta", "predict"] as const).map((value) => ({ value, label: METHOD_TITLES[value] }));

const METHOD_WORDS: Readonly<Record<RunMethod, string>> = {
  adapt: "The model adapts to each image by itself, starting from the checkpoint every time.",
  tta: "Test-time augmentation: the predictions of several views are averaged, the model stays as it is.",
  predict: "The checkpoint's own prediction, nothing else.",
};

function BatchForm({ target: { dataset, ids } }: { readonly target: BatchTarget }) {
  const { presets, runtime, provider, threads } = useSettings();
  const form = useAdaptForm();
  const checkpoints = useQuery(queries.checkpoints()).data?.filter(
    ({ problem, isAvailable }) => problem === null && isAvailable,
  );
  const openCheckpointId = useNavigation((state) => state.checkpointId);
  const [method, setMethod] = useState<RunMethod>(form.config.method);
  const [chosenId, setChosenId] = useState<CheckpointId | null>(openCheckpointId);
  // Null: the first, which another checkpoint may change.
  const [parametersName, setParametersName] = useState<string | null>(null);
  const [batchName, setBatchName] = useState("");
  const [state, setState] = useState<{ status: "editing" | "starting" } | { status: "failed"; error: unknown }>({
    status: "editing",
  });

  const checkpoint = checkpoints?.find(({ id }) => id === chosenId) ?? checkpoints?.[0];
  const sets = parameterSets(presets, form, checkpoint);
  const parameters = sets.find((set) => set.name === parametersName) ?? sets[0];
  const config = { ...parameters.config, method };
  const machine = { runtime, provider, threads };

  const start = async () => {
    if (checkpoint === undefined) return;
    setState({ status: "starting" });
    try {
      const request = { imageIds: [...ids], checkpointId: checkpoint.id, config, machine, name: batchName };
      const group = await startOrAsk((isForced) => api.runs.startBatch.mutate({ ...request, isForced }));
      if (group === null) {
        setState({ status: "editing" });
        return;
      }
      close();
      tell(`${countOf(ids.length, "run")} waiting. They go on while you work.`);
    } catch (error) {
      setState({ status: "failed", error });
    }
  };

  return (
    <form
      className="batch-form"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <div>
        <SegmentedControl
          fullWidth
          aria-label="Method"
          data={[...METHODS]}
          value={method}
          onChange={(value) => setMethod(METHODS.find((entry) => entry.value === value)?.value ?? "adapt")}
        />
        <p className="batch-form-hint dimmed">{METHOD_WORDS[method]}</p>
      </div>
      <Select
        label="Checkpoint"
        allowDeselect={false}
        placeholder="Open a checkpoint first"
        data={checkpoints?.map(({ id, name: label }) => ({ value: id, label })) ?? []}
        value={checkpoint?.id ?? null}
        onChange={(value) => setChosenId(checkpointIdSchema.safeParse(value).data ?? null)}
      />
      {method !== "predict" && (
        <div>
          <Select
            label="Parameters"
            allowDeselect={false}
            data={sets.map((set) => set.name)}
            value={parameters.name}
            onChange={setParametersName}
          />
          <p className="batch-form-hint dimmed">{summaryOf(config)}</p>
        </div>
      )}
      <TextInput
        label="Name"
        placeholder={dataset.name}
        maxLength={200}
        value={batchName}
        onChange={(event) => setBatchName(event.currentTarget.value)}
      />
      {checkpoint !== undefined && ids[0] !== undefined && (
        <Estimate request={{ imageId: ids[0], checkpointId: checkpoint.id, config, machine }} count={ids.length} />
      )}
      {state.status === "failed" && <Notice level="error">{sentenceOf(state.error)}</Notice>}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={state.status === "starting"} disabled={checkpoint === undefined}>
          Start {countOf(ids.length, "run")}
        </Button>
      </Group>
    </form>
  );
}

/** From the first image: the others are taken to be of its size. */
function Estimate({ request, count }: { readonly request: StartRun; readonly count: number }) {
  const { data, error } = useQuery(queries.estimate(request));
  if (error !== null) return <Notice level="warning">{sentenceOf(error)}</Notice>;
  if (data === undefined) return <div className="skeleton" style={{ height: 40 }} />;
  const isTight = data.peakBytes > data.freeBytes;
  return (
    <Notice level={isTight ? "warning" : "info"}>
      About {formatDuration(data.milliseconds * count)}, {formatDuration(data.milliseconds)} an image, and{" "}
      {formatBytes(data.peakBytes)} of memory{isTight ? `; only ${formatBytes(data.freeBytes)} are free` : ""}.{" "}
      <span className="dimmed">
        {data.basis === "measured" ? "Measured in earlier runs here." : "Calculated; the first run will tell better."}
      </span>
    </Notice>
  );
}

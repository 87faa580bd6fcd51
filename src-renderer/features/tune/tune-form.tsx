// The form of a new tuning: by what it is judged, over which parameters it searches, how long that takes.
import { Button, Chip, Group, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { numberFieldOf, parameterMeta } from "../../../src-shared/contract/parameters.ts";
import {
  CRITERIA,
  DEFAULT_LABEL_FREE_CRITERION,
  TUNING_CRITERIA,
  type TuningCriterion,
} from "../../../src-shared/contract/tuning.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import {
  type CheckpointId,
  checkpointIdSchema,
  type ImageId,
  type TuningId,
} from "../../../src-shared/contract/workbench/ids.ts";
import type { StartRun } from "../../../src-shared/contract/workbench/runs.ts";
import { countOf, formatDuration } from "../../components/format.ts";
import { Notice } from "../../components/notice.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { layersOptionOf } from "../../state/adapt-form.ts";
import { api } from "../../state/api.ts";
import { useImage } from "../../state/entities.ts";
import { queries } from "../../state/queries.ts";
import { useSettings } from "../../state/settings.ts";
import { startOrAsk } from "../../state/start-anyway.ts";
import { sentenceOf } from "../../state/tell.ts";
import type { TuneTarget } from "../../state/tune-dialog.ts";
import { expectedSettings, firstForm, planOf, searchable } from "./tune-plan.ts";

interface TuneFormProps {
  readonly target: TuneTarget;
  readonly checkpoints: readonly Checkpoint[];
  readonly checkpoint: Checkpoint | undefined;
  readonly onCheckpoint: (id: CheckpointId) => void;
  readonly onStarted: (id: TuningId) => void;
  readonly onClose: () => void;
}

type SendState = { readonly status: "editing" | "starting" } | { readonly status: "failed"; readonly error: unknown };

export function TuneForm({ target, checkpoints, checkpoint, onCheckpoint, onStarted, onClose }: TuneFormProps) {
  const { imageIds, config, name } = target;
  const layers = layersOptionOf(checkpoint?.backbone).name;
  const isLabelled = useImage(imageIds[0] ?? null)?.hasLabels ?? false;
  const { runtime, provider, threads } = useSettings();
  const [form, setForm] = useState(() => firstForm(config, layers, DEFAULT_LABEL_FREE_CRITERION, imageIds.length));
  const [chosen, setChosen] = useState<TuningCriterion | null>(null);
  const [state, setState] = useState<SendState>({ status: "editing" });
  const criterion = chosen ?? (isLabelled ? "miou" : DEFAULT_LABEL_FREE_CRITERION);
  const plan = planOf({ ...form, criterion }, config, layers);
  const machine = { runtime, provider, threads };

  const start = async () => {
    if (checkpoint === undefined) return;
    setState({ status: "starting" });
    try {
      const request = { imageIds: [...imageIds], checkpointId: checkpoint.id, plan, machine, name };
      const tuning = await startOrAsk((isForced) => api.tunings.start.mutate({ ...request, isForced }));
      if (tuning === null) setState({ status: "editing" });
      else onStarted(tuning.id);
    } catch (error) {
      setState({ status: "failed", error });
    }
  };

  return (
    <form
      className="tune-form"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <Select
        label="Checkpoint"
        allowDeselect={false}
        placeholder="Open a checkpoint first"
        data={checkpoints.map(({ id, name: label }) => ({ value: id, label }))}
        value={checkpoint?.id ?? null}
        onChange={(value) => {
          const id = checkpointIdSchema.safeParse(value).data;
          if (id !== undefined) onCheckpoint(id);
        }}
      />
      <Select
        label="Judge settings by"
        allowDeselect={false}
        data={TUNING_CRITERIA.filter((one) => one !== "miou" || isLabelled).map((one) => ({
          value: one,
          label: `${CRITERIA[one].title}${one === "miou" ? " (uses the labels)" : ""}`,
        }))}
        value={criterion}
        description={CRITERIA[criterion].definition}
        onChange={(value) => setChosen(TUNING_CRITERIA.find((one) => one === value) ?? null)}
      />
      <fieldset className="tune-form-searched">
        <legend>Search over</legend>
        <Group gap={6}>
          {searchable(layers).map((axis) => (
            <Chip
              key={axis}
              variant="light"
              checked={form.searched.includes(axis)}
              onChange={() => {
                const others = form.searched.filter((one) => one !== axis);
                setForm({ ...form, searched: others.length < form.searched.length ? others : [...others, axis] });
              }}
            >
              {parameterMeta(axis).title}
            </Chip>
          ))}
          <Chip variant="light" checked disabled>
            Iterations
          </Chip>
        </Group>
      </fieldset>
      <div className="tune-form-numbers">
        <NumberField
          {...numberFieldOf("numEpochs")}
          label="Iterations at the most"
          description="Fewer are read off the same run"
          min={1}
          value={form.iterations}
          onCommit={(iterations) => setForm({ ...form, iterations })}
        />
        <NumberField
          label="Settings at the most"
          description="Each is run on every image"
          min={1}
          max={1000}
          step={1}
          value={form.maxSettings}
          onCommit={(maxSettings) => setForm({ ...form, maxSettings })}
        />
      </div>
      {checkpoint !== undefined && imageIds[0] !== undefined && (
        <Estimate
          request={{
            imageId: imageIds[0],
            checkpointId: checkpoint.id,
            config: estimatedConfig(target, form.iterations),
            machine,
          }}
          imageIds={imageIds}
          settings={expectedSettings(plan)}
        />
      )}
      {state.status === "failed" && <Notice level="error">{sentenceOf(state.error)}</Notice>}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={state.status === "starting"} disabled={checkpoint === undefined}>
          Start
        </Button>
      </Group>
    </form>
  );
}

function estimatedConfig({ config }: TuneTarget, numEpochs: number): StartRun["config"] {
  return { ...config, method: "adapt", numEpochs, keepEvery: Math.max(1, Math.ceil(numEpochs / 4)) };
}

interface EstimateProps {
  readonly request: StartRun;
  readonly imageIds: readonly ImageId[];
  readonly settings: number;
}

/** From the first image: the others are taken to be of its size. */
function Estimate({ request, imageIds, settings }: EstimateProps) {
  const { data, error } = useQuery(queries.estimate(request));
  if (error !== null) return <Notice level="warning">{sentenceOf(error)}</Notice>;
  if (data === undefined) return <div className="skeleton tune-form-skeleton" />;
  return (
    <Notice level="info">
      About {formatDuration(data.milliseconds * settings * imageIds.length)}: {countOf(settings, "setting")} on{" "}
      {countOf(imageIds.length, "image")}, one parameter after the other. It can be stopped at any time; the ranking
      stays.
    </Notice>
  );
}

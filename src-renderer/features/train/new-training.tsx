// The form of a new training: what on, which network, how, with the published recipe as defaults.
import { Button, Select, Switch, TextInput } from "@mantine/core";
import { IconPlayerPlayFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ARCH_TYPES, LR_SCHEDULERS, type TrainingConfig } from "../../../src-shared/contract/training-config.ts";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import type { TrainingData } from "../../../src-shared/contract/workbench/trainings.ts";
import { Facts } from "../../components/facts.tsx";
import { countOf, formatCount } from "../../components/format.ts";
import { KeyCombo } from "../../components/key-combo.tsx";
import { Notice } from "../../components/notice.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { ScreenFrame } from "../../components/screen-frame.tsx";
import { useCommands } from "../../state/commands.ts";
import { isMac } from "../../state/keys.ts";
import { modelName } from "../../state/model-names.ts";
import { askForDataset } from "../../state/opening.ts";
import { queries } from "../../state/queries.ts";
import { useSettings } from "../../state/settings.ts";
import "./new-training.css";
import { useTrainView } from "./train-view.ts";
import { startTraining } from "./training-actions.ts";
import {
  changeAugmentation,
  changeConfig,
  changedFrom,
  changeForm,
  EMPTY_FORM,
  formProblem,
  imagesOf,
  QUICK_TRIAL,
  RECIPE,
  startRequest,
  stepsOf,
  useTrainingForm,
} from "./training-form.ts";

export function NewTraining({ canClose }: { readonly canClose: boolean }) {
  const form = useTrainingForm();
  const settings = useSettings();
  const datasets = useQuery(queries.datasets()).data ?? [];
  const problem = formProblem(form, datasets);
  const start = () => {
    if (problem === null) void startTraining(startRequest(form, settings));
  };
  const close = () => useTrainView.setState({ isFormOpen: false });
  const group = "Train";
  useCommands([
    {
      id: "train.start",
      title: "Start the training",
      group,
      keys: "mod+enter",
      isEnabled: () => problem === null,
      run: start,
    },
    { id: "train.closeForm", title: "Close the form", group, keys: "escape", isEnabled: () => canClose, run: close },
  ]);
  return (
    <ScreenFrame
      title="New training"
      actions={
        <>
          <Button variant="default" onClick={() => changeForm("a quick trial", { ...EMPTY_FORM, config: QUICK_TRIAL })}>
            Quick trial
          </Button>
          <Button
            variant="default"
            disabled={changedFrom(RECIPE, form.config).length === 0}
            onClick={() => changeForm("the published recipe", { config: RECIPE })}
          >
            Published recipe
          </Button>
          {canClose && (
            <Button variant="default" onClick={close}>
              Close
            </Button>
          )}
        </>
      }
    >
      <div className="new-training">
        <div className="new-training-form">
          <DataSection datasets={datasets} />
          <ModelSection />
          <OptimisationSection />
          <CropsSection />
          <ValidationSection datasets={datasets} />
          <KeepingSection />
        </div>
        <aside className="new-training-side" aria-label="What is trained">
          <Outlook datasets={datasets} />
          {problem !== null && <Notice level="warning">{problem}</Notice>}
          <TextInput
            label="Name"
            placeholder={modelName(form.config.archType)}
            maxLength={200}
            value={form.name}
            onChange={(event) => useTrainingForm.setState({ name: event.currentTarget.value })}
          />
          <Button
            size="md"
            fullWidth
            disabled={problem !== null}
            leftSection={<IconPlayerPlayFilled size={14} />}
            rightSection={<KeyCombo parts={[isMac(navigator.platform) ? "⌘" : "Ctrl", "Enter"]} />}
            className="new-training-start"
            onClick={start}
          >
            Train
          </Button>
        </aside>
      </div>
    </ScreenFrame>
  );
}

interface SectionProps {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

function Section({ title, action, children }: SectionProps) {
  return (
    <section className="train-section">
      <header className="train-section-head">
        <h2>{title}</h2>
        {action}
      </header>
      {children}
    </section>
  );
}

/** Names of the numbers, which all are edited in the same way. */
type NumberKey = {
  [K in keyof TrainingConfig]: TrainingConfig[K] extends number ? K : never;
}[keyof TrainingConfig];

interface NumberProps {
  readonly name: NumberKey;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly description?: string;
}

function ConfigNumber({ name, label, ...limits }: NumberProps) {
  const value = useTrainingForm((state) => state.config[name]);
  return (
    <NumberField
      label={label}
      value={value}
      {...limits}
      onCommit={(next) => changeConfig(label.toLowerCase(), { [name]: next })}
    />
  );
}

const SAMPLE = "sample";
const NONE = "none";

interface DataFieldsProps {
  readonly label: string;
  readonly data: TrainingData | null;
  readonly datasets: readonly Dataset[];
  readonly onChange: (data: TrainingData | null) => void;
  readonly isOptional?: boolean;
}

/** Where labelled images come from: the generator with a number of scenes, or a dataset with a split. */
function DataFields({ label, data, datasets, onChange, isOptional = false }: DataFieldsProps) {
  const dataset = data?.kind === "dataset" ? datasets.find(({ id }) => id === data.datasetId) : undefined;
  const choose = (value: string | null) => {
    if (value === NONE) onChange(null);
    else if (value === SAMPLE) onChange({ kind: "sample", count: isOptional ? 20 : 400 });
    else {
      const chosen = datasets.find(({ id }) => id === value);
      const usual = chosen?.splits.find(({ name }) => name === (isOptional ? "val" : "train"))?.name ?? null;
      if (chosen !== undefined) onChange({ kind: "dataset", datasetId: chosen.id, split: usual });
    }
  };
  return (
    <div className="train-pair">
      <Select
        label={label}
        allowDeselect={false}
        value={data === null ? NONE : data.kind === "sample" ? SAMPLE : data.datasetId}
        data={[
          ...(isOptional ? [{ value: NONE, label: "none: the last epoch is the result" }] : []),
          { value: SAMPLE, label: "Scenes of the built-in generator, on a clear day" },
          ...datasets.map(({ id, name, labelledCount }) => ({
            value: id,
            label: `${name}, ${countOf(labelledCount, "labelled image")}`,
            disabled: labelledCount === 0,
          })),
        ]}
        onChange={choose}
      />
      {data?.kind === "sample" && (
        <NumberField
          label="Scenes"
          value={data.count}
          min={1}
          max={100_000}
          step={100}
          onCommit={(count) => onChange({ kind: "sample", count: Math.round(count) })}
        />
      )}
      {data?.kind === "dataset" && dataset !== undefined && (
        <Select
          label="Split"
          allowDeselect={false}
          disabled={dataset.splits.length === 0}
          value={data.split ?? ""}
          data={[
            { value: "", label: "All" },
            ...dataset.splits.map(({ name, count }) => ({ value: name, label: `${name}, ${formatCount(count)}` })),
          ]}
          onChange={(value) => onChange({ ...data, split: value === "" ? null : value })}
        />
      )}
    </div>
  );
}

function DataSection({ datasets }: { readonly datasets: readonly Dataset[] }) {
  const data = useTrainingForm((state) => state.data);
  return (
    <Section
      title="Data"
      action={
        <button type="button" className="train-link" onClick={() => void askForDataset()}>
          open…
        </button>
      }
    >
      <DataFields
        label="Train on"
        data={data}
        datasets={datasets}
        onChange={(next) => next !== null && changeForm("the data", { data: next })}
      />
    </Section>
  );
}

const BACKBONES = ["resnet18", "resnet50", "resnet101"];

function ModelSection() {
  const config = useTrainingForm((state) => state.config);
  const initial = useTrainingForm((state) => state.initialCheckpointId);
  const checkpoints = useQuery(queries.checkpoints()).data ?? [];
  const isHrnet = config.archType.startsWith("hrnet");
  return (
    <Section title="Model">
      <div className="train-grid">
        <Select
          label="Architecture"
          allowDeselect={false}
          value={config.archType}
          data={ARCH_TYPES.map((value) => ({ value, label: modelName(value) }))}
          onChange={(value) =>
            changeConfig("architecture", { archType: ARCH_TYPES.find((entry) => entry === value) ?? config.archType })
          }
        />
        <Select
          label="Backbone"
          allowDeselect={false}
          disabled={isHrnet}
          value={isHrnet ? null : config.backboneName}
          placeholder={isHrnet ? "its own" : ""}
          data={BACKBONES.map((value) => ({ value, label: modelName(value) }))}
          onChange={(value) => changeConfig("backbone", { backboneName: value ?? config.backboneName })}
        />
        <Select
          label="Classes"
          allowDeselect={false}
          value={String(config.numClasses)}
          data={[
            { value: "19", label: "19, of Cityscapes" },
            { value: "16", label: "16, of SYNTHIA" },
          ]}
          onChange={(value) => changeConfig("classes", { numClasses: value === "16" ? 16 : 19 })}
        />
        <ConfigNumber
          name="width"
          label="Stem width"
          description="Channels of the stem; the published models have 64"
          min={4}
          max={256}
          step={8}
        />
      </div>
      <div className="train-pair">
        <Select
          label="Begin with"
          allowDeselect={false}
          value={initial ?? NONE}
          data={[
            { value: NONE, label: "random weights" },
            ...checkpoints.filter(({ isAvailable }) => isAvailable).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(value) =>
            changeForm("initial weights", {
              initialCheckpointId: checkpoints.find(({ id }) => id === value)?.id ?? null,
            })
          }
        />
        <Switch
          className="train-switch"
          label="Dropout behind every ReLU"
          checked={config.dropout}
          onChange={(event) => changeConfig("dropout", { dropout: event.currentTarget.checked })}
        />
      </div>
    </Section>
  );
}

function OptimisationSection() {
  const config = useTrainingForm((state) => state.config);
  return (
    <Section title="Optimisation">
      <div className="train-grid">
        <ConfigNumber name="numEpochs" label="Epochs" min={1} max={10_000} step={1} />
        <ConfigNumber
          name="batchSize"
          label="Batch size"
          description="Images whose gradients make one step"
          min={1}
          max={1024}
          step={1}
        />
        <NumberField
          label="At once"
          description="How many of a batch pass through the network at once; empty: all. Fewer take less memory"
          value={config.microBatchSize}
          min={1}
          max={1024}
          step={1}
          placeholder="all"
          onClear={() => changeConfig("at once", { microBatchSize: null })}
          onCommit={(value) => changeConfig("at once", { microBatchSize: Math.round(value) })}
        />
        <ConfigNumber name="baseLr" label="Learning rate" min={0} max={10} step={0.005} />
        <Select
          label="Schedule"
          allowDeselect={false}
          value={config.lrScheduler}
          data={[
            { value: "poly", label: "Polynomial" },
            { value: "constant", label: "Constant" },
          ]}
          onChange={(value) =>
            changeConfig("schedule", { lrScheduler: LR_SCHEDULERS.find((entry) => entry === value) ?? "poly" })
          }
        />
        <ConfigNumber
          name="momentum"
          label="Momentum"
          description="Of stochastic gradient descent"
          min={0}
          max={0.999}
          step={0.1}
        />
        <ConfigNumber name="weightDecay" label="Weight decay" min={0} max={1} step={0.0001} />
        <ConfigNumber
          name="auxWeight"
          label="Auxiliary loss"
          description="Weight of the loss on layer3's features; 0: without. PSPNet has 0.4"
          min={0}
          max={10}
          step={0.1}
        />
        <ConfigNumber
          name="ema"
          label="Moving average"
          description="Decay of the moving average of the weights that is validated and written; 0: without"
          min={0}
          max={0.99999}
          step={0.001}
        />
        <ConfigNumber
          name="seed"
          label="Seed"
          description="Of initial weights, order of the images, augmentation and dropout"
          min={0}
          max={2 ** 31}
          step={1}
        />
      </div>
    </Section>
  );
}

function CropsSection() {
  const { cropSize, augmentation } = useTrainingForm((state) => state.config);
  const [height, width] = cropSize;
  const side = (label: string, value: number, next: (side: number) => [number, number]) => (
    <NumberField
      label={label}
      value={value}
      min={32}
      max={4096}
      step={32}
      onCommit={(to) => changeConfig(label.toLowerCase(), { cropSize: next(Math.round(to)) })}
    />
  );
  const end = (
    label: string,
    name: "cropArea" | "blurRadius",
    place: 0 | 1,
    limits: { readonly min: number; readonly max: number; readonly step: number; readonly description?: string },
  ) => (
    <NumberField
      label={label}
      value={augmentation[name][place]}
      {...limits}
      onCommit={(to) => {
        const [least, most] = augmentation[name];
        changeAugmentation(label.toLowerCase(), {
          [name]: place === 0 ? [to, Math.max(to, most)] : [Math.min(to, least), to],
        });
      }}
    />
  );
  const chance = (label: string, name: "flip" | "jitter" | "gray") => (
    <NumberField
      label={label}
      description="A probability, 0 to 1"
      value={augmentation[name]}
      min={0}
      max={1}
      step={0.1}
      onCommit={(to) => changeAugmentation(label.toLowerCase(), { [name]: to })}
    />
  );
  return (
    <Section title="Crops and augmentation">
      <div className="train-grid">
        {side("Crop width", width, (to) => [height, to])}
        {side("Crop height", height, (to) => [to, width])}
        {end("Least area", "cropArea", 0, {
          min: 0.01,
          max: 1,
          step: 0.05,
          description: "Share of the image's area that a crop covers",
        })}
        {end("Most area", "cropArea", 1, { min: 0.01, max: 1, step: 0.05 })}
        {chance("Flip", "flip")}
        {chance("Colour jitter", "jitter")}
        {chance("Grey", "gray")}
        {end("Least blur", "blurRadius", 0, {
          min: 0,
          max: 20,
          step: 0.1,
          description: "Every image is blurred, by a radius in this range, in pixels of the crop",
        })}
        {end("Most blur", "blurRadius", 1, { min: 0, max: 20, step: 0.1 })}
      </div>
    </Section>
  );
}

function ValidationSection({ datasets }: { readonly datasets: readonly Dataset[] }) {
  const validation = useTrainingForm((state) => state.validation);
  const alpha = useTrainingForm((state) => state.config.alpha);
  return (
    <Section title="Validation">
      <DataFields
        label="Choose the best epoch by"
        data={validation}
        datasets={datasets}
        isOptional
        onChange={(next) => changeForm("validation", { validation: next })}
      />
      {validation !== null && (
        <div className="train-grid">
          <ConfigNumber
            name="validationStart"
            label="From epoch"
            description="First epoch, counted from 0, after which the validation images are predicted"
            min={0}
            max={10_000}
            step={1}
          />
          <ConfigNumber
            name="validationStep"
            label="Every"
            description="From there on, after every so many epochs"
            min={1}
            max={10_000}
            step={1}
          />
          <NumberField
            label="Alpha"
            description="The one alpha to validate with and to write; empty: a grid from 0 to 1. Training itself uses none"
            value={alpha}
            min={0}
            max={1}
            step={0.1}
            placeholder="a grid"
            onClear={() => changeConfig("alpha", { alpha: null })}
            onCommit={(value) => changeConfig("alpha", { alpha: value })}
          />
          {alpha === null && <ConfigNumber name="numAlphas" label="Alphas in the grid" min={1} max={101} step={1} />}
        </div>
      )}
    </Section>
  );
}

function KeepingSection() {
  return (
    <Section title="Kept on the way">
      <div className="train-grid">
        <ConfigNumber
          name="previewStep"
          label="Preview every"
          description="A prediction of one image to look at, every so many steps; 0: none"
          min={0}
          max={100_000}
          step={50}
        />
        <ConfigNumber
          name="saveStep"
          label="Save every"
          description="What is needed to go on after a crash, every so many steps; 0: after epochs only"
          min={0}
          max={100_000}
          step={100}
        />
      </div>
    </Section>
  );
}

function Outlook({ datasets }: { readonly datasets: readonly Dataset[] }) {
  const { data, config, validation, initialCheckpointId } = useTrainingForm();
  const images = imagesOf(data, datasets);
  const steps = images === null ? null : stepsOf(images, config);
  const [height, width] = config.cropSize;
  const isRecipe = changedFrom(RECIPE, config).length === 0;
  return (
    <div className="training-outlook">
      <p className="training-outlook-steps">
        <strong>{steps === null ? "–" : formatCount(steps.total)}</strong> steps
      </p>
      <Facts
        facts={[
          { name: "An epoch", value: steps === null ? "–" : countOf(steps.perEpoch, "step") },
          { name: "A step", value: `${countOf(config.batchSize, "crop")} of ${width} × ${height}` },
          { name: "Parameters", value: isRecipe ? "the published recipe" : "changed from the recipe" },
        ]}
      />
      {initialCheckpointId === null && config.archType === "deeplab" && isRecipe && (
        <p className="train-note">
          The recipe begins with ImageNet weights. From random weights it takes far longer; open them as a checkpoint to
          begin with them.
        </p>
      )}
      <p className="train-note">
        {validation === null
          ? "Without validation images the last epoch is the result."
          : "The epoch and alpha with the best mean IoU on the validation images become the checkpoint."}{" "}
        A loss that is no number, or far above the start, stops the training; the last good checkpoint stays.
      </p>
    </div>
  );
}

// Which network is trained, and how.
import { Select, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ARCH_TYPES, LR_SCHEDULERS } from "../../../src-shared/contract/training-config.ts";
import { FormSection } from "../../components/form-section.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { modelName } from "../../state/model-names.ts";
import { queries } from "../../state/queries.ts";
import { ConfigNumber } from "./form-fields.tsx";
import { changeAugmentation, changeConfig, changeForm, useTrainingForm } from "./training-form.ts";

/** What a choice of nothing is called. */
const NONE = "none";
const BACKBONES = ["resnet18", "resnet50", "resnet101"];

export function ModelSection() {
  const config = useTrainingForm((state) => state.config);
  const initial = useTrainingForm((state) => state.initialCheckpointId);
  const checkpoints = useQuery(queries.checkpoints()).data ?? [];
  const isHrnet = config.archType.startsWith("hrnet");
  return (
    <FormSection title="Model">
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
      <div className="form-section-pair">
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
    </FormSection>
  );
}

export function OptimisationSection() {
  const config = useTrainingForm((state) => state.config);
  return (
    <FormSection title="Optimisation">
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
    </FormSection>
  );
}

export function CropsSection() {
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
    <FormSection title="Crops and augmentation">
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
    </FormSection>
  );
}

export function KeepingSection() {
  return (
    <FormSection title="Kept on the way">
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
    </FormSection>
  );
}

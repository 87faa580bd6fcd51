// The form of a new evaluation: which images, which checkpoint, which method, and what will be recorded.
import { Button, Chip, Group, Menu, SegmentedControl, Select, Switch, TextInput, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import {
  EVALUATION_METHODS,
  type EvaluationConfig,
  FIGURE_DEFINITIONS,
} from "../../../src-shared/contract/evaluation.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { countOf, formatCount } from "../../components/format.ts";
import { KeyCombo } from "../../components/key-combo.tsx";
import { Notice } from "../../components/notice.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { ScreenFrame } from "../../components/screen-frame.tsx";
import { useCommands } from "../../state/commands.ts";
import { isMac } from "../../state/keys.ts";
import { modelNames } from "../../state/model-names.ts";
import { useNavigation } from "../../state/navigation.ts";
import { askForCheckpoint, askForDataset } from "../../state/opening.ts";
import { queries } from "../../state/queries.ts";
import { useSettings } from "../../state/settings.ts";
import { useEvaluateView } from "./evaluate-view.ts";
import { startEvaluation } from "./evaluation-actions.ts";
import {
  changeConfig,
  changeForm,
  chosenOf,
  formProblem,
  imageCountOf,
  isUsable,
  presetsFrom,
  RECIPE,
  splitOf,
  startRequest,
  toggledNumber,
  useEvaluationForm,
} from "./evaluation-form.ts";
import { METHOD_SENTENCES, METHOD_TITLES } from "./evaluation-words.ts";
import "./new-evaluation.css";

export function NewEvaluation({ canClose }: { readonly canClose: boolean }) {
  const form = useEvaluationForm();
  const settings = useSettings();
  const datasets = useQuery(queries.datasets()).data ?? [];
  const checkpoints = useQuery(queries.checkpoints()).data ?? [];
  const datasetId = useNavigation((state) => state.datasetId);
  const checkpointId = useNavigation((state) => state.checkpointId);
  const { dataset, checkpoint } = chosenOf(form, datasets, checkpoints, { datasetId, checkpointId });
  const split = splitOf(form, dataset);
  const problem = formProblem({ config: form.config, split }, dataset, checkpoint);
  const start = () => {
    if (problem !== null || dataset === undefined || checkpoint === undefined) return;
    void startEvaluation(startRequest(form, dataset, checkpoint, settings));
  };
  const close = () => useEvaluateView.setState({ isFormOpen: false });
  const group = "Evaluate";
  useCommands([
    {
      id: "evaluate.start",
      title: "Start the evaluation",
      group,
      keys: "mod+enter",
      isEnabled: () => problem === null,
      run: start,
    },
    { id: "evaluate.closeForm", title: "Close the form", group, keys: "escape", isEnabled: () => canClose, run: close },
  ]);
  return (
    <ScreenFrame
      title="New evaluation"
      actions={
        canClose && (
          <Button variant="default" onClick={close}>
            Close
          </Button>
        )
      }
    >
      <div className="new-evaluation">
        <div className="new-evaluation-form">
          <Images datasets={datasets} dataset={dataset} split={split} />
          <Model checkpoints={checkpoints} checkpoint={checkpoint} />
          <Method config={form.config} />
          {form.config.method !== "predict" && <Parameters config={form.config} checkpoint={checkpoint} />}
          <Section title="Name">
            <TextInput
              aria-label="Name"
              placeholder={dataset === undefined ? "" : `${METHOD_TITLES[form.config.method]} on ${dataset.name}`}
              maxLength={200}
              value={form.name}
              onChange={(event) => useEvaluationForm.setState({ name: event.currentTarget.value })}
            />
          </Section>
        </div>
        <aside className="new-evaluation-side" aria-label="What is recorded">
          <Outlook dataset={dataset} split={split} config={form.config} />
          {problem !== null && <Notice level="warning">{problem}</Notice>}
          <Button
            size="md"
            fullWidth
            disabled={problem !== null}
            leftSection={<IconPlayerPlayFilled size={14} />}
            rightSection={<KeyCombo parts={[isMac(navigator.platform) ? "⌘" : "Ctrl", "Enter"]} />}
            className="new-evaluation-start"
            onClick={start}
          >
            Evaluate
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
    <section className="form-section">
      <header className="form-section-head">
        <h2>{title}</h2>
        {action}
      </header>
      {children}
    </section>
  );
}

interface ImagesProps {
  readonly datasets: readonly Dataset[];
  readonly dataset: Dataset | undefined;
  readonly split: string | null;
}

const ALL = "all images";

function Images({ datasets, dataset, split }: ImagesProps) {
  return (
    <Section
      title="Images"
      action={
        <button type="button" className="form-link" onClick={() => void askForDataset()}>
          open…
        </button>
      }
    >
      <div className="form-pair">
        <Select
          label="Dataset"
          placeholder="Open a dataset first"
          allowDeselect={false}
          value={dataset?.id ?? null}
          data={datasets.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(value) => {
            const chosen = datasets.find(({ id }) => id === value);
            if (chosen !== undefined) changeForm(`dataset ${chosen.name}`, { datasetId: chosen.id, split: null });
          }}
        />
        <Select
          label="Split"
          allowDeselect={false}
          disabled={dataset === undefined || dataset.splits.length === 0}
          value={split ?? ALL}
          data={[
            { value: ALL, label: dataset === undefined ? "All" : `All, ${countOf(dataset.imageCount, "image")}` },
            ...(dataset?.splits ?? []).map(({ name, count }) => ({
              value: name,
              label: `${name}, ${formatCount(count)}`,
            })),
          ]}
          onChange={(value) => changeForm(`split ${value}`, { split: value === ALL ? null : value })}
        />
      </div>
      {dataset !== undefined && dataset.labelledCount < dataset.imageCount && (
        <p className="form-note">
          {dataset.labelledCount === 0
            ? "These images have no labels: there will be entropy and confidence, but no IoU."
            : `${countOf(dataset.labelledCount, "image")} of ${formatCount(dataset.imageCount)} have labels; IoU is over these.`}
        </p>
      )}
    </Section>
  );
}

interface ModelProps {
  readonly checkpoints: readonly Checkpoint[];
  readonly checkpoint: Checkpoint | undefined;
}

function Model({ checkpoints, checkpoint }: ModelProps) {
  const alpha = useEvaluationForm((state) => state.config.alpha);
  return (
    <Section
      title="Checkpoint"
      action={
        <button type="button" className="form-link" onClick={() => void askForCheckpoint()}>
          open…
        </button>
      }
    >
      <div className="form-pair">
        <Select
          label="Checkpoint"
          placeholder="Open a checkpoint first"
          allowDeselect={false}
          value={checkpoint?.id ?? null}
          data={checkpoints.map((entry) => ({ value: entry.id, label: entry.name, disabled: !isUsable(entry) }))}
          onChange={(value) => {
            const chosen = checkpoints.find(({ id }) => id === value);
            if (chosen !== undefined) changeForm(`checkpoint ${chosen.name}`, { checkpointId: chosen.id });
          }}
        />
        <NumberField
          label="Alpha"
          description="How much the statistics of the image count in every normalisation layer; empty: as stored"
          value={alpha}
          min={0}
          max={1}
          step={0.1}
          placeholder={checkpoint?.alpha == null ? "as stored" : `${checkpoint.alpha} (stored)`}
          onClear={() => changeConfig("alpha", { alpha: null })}
          onCommit={(value) => changeConfig("alpha", { alpha: value })}
        />
      </div>
      {checkpoint !== undefined && (
        <p className="form-note">
          {modelNames(checkpoint.arch, checkpoint.backbone)} · {checkpoint.numClasses} classes
        </p>
      )}
    </Section>
  );
}

function Method({ config }: { readonly config: EvaluationConfig }) {
  const settings = useSettings();
  const presets = presetsFrom(settings, config);
  return (
    <Section
      title="Method"
      action={
        config.method !== "predict" && (
          <Menu position="bottom-end" width={220}>
            <Menu.Target>
              <UnstyledButton className="form-link">
                parameters from <IconChevronDown size={11} aria-hidden="true" />
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                onClick={() => changeForm("the published recipe", { config: { ...RECIPE, method: config.method } })}
              >
                Published recipe
              </Menu.Item>
              {presets.map(({ name, config: preset }) => (
                <Menu.Item key={name} onClick={() => changeForm(`preset ${name}`, { config: preset })}>
                  {name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )
      }
    >
      <SegmentedControl
        fullWidth
        aria-label="Method"
        value={config.method}
        onChange={(value) => {
          const method = EVALUATION_METHODS.find((entry) => entry === value) ?? "predict";
          changeConfig(`method ${METHOD_TITLES[method]}`, { method });
        }}
        data={EVALUATION_METHODS.map((value) => ({ value, label: METHOD_TITLES[value] }))}
      />
      <p className="form-note">{METHOD_SENTENCES[config.method]}</p>
    </Section>
  );
}

interface ParametersProps {
  readonly config: EvaluationConfig;
  readonly checkpoint: Checkpoint | undefined;
}

function Parameters({ config, checkpoint }: ParametersProps) {
  return (
    <Section title="Parameters">
      {config.method === "mc-dropout" ? (
        <DropoutFields config={config} />
      ) : (
        <>
          <ViewFields config={config} />
          {config.method === "adapt" && <AdaptFields config={config} checkpoint={checkpoint} />}
        </>
      )}
    </Section>
  );
}

function DropoutFields({ config }: { readonly config: EvaluationConfig }) {
  return (
    <div className="form-grid">
      <NumberField
        label="Passes"
        value={config.passes}
        min={2}
        max={1000}
        step={1}
        onCommit={(value) => changeConfig("passes", { passes: value })}
      />
      <NumberField
        label="Seed"
        description="Of the dropout masks"
        value={config.seed}
        min={0}
        max={2 ** 31}
        step={1}
        onCommit={(value) => changeConfig("seed", { seed: value })}
      />
    </div>
  );
}

const OFFERED_SCALES = [0.25, 0.5, 0.75, 1, 1.5, 2];

function ViewFields({ config }: { readonly config: EvaluationConfig }) {
  const offered = [...new Set([...OFFERED_SCALES, ...config.scales])].sort((a, b) => a - b);
  return (
    <div className="form-row">
      <span className="form-label">Scales</span>
      <Group gap={4} role="group" aria-label="Scales">
        {offered.map((scale) => (
          <Chip
            key={scale}
            variant="light"
            checked={config.scales.includes(scale)}
            onChange={() => {
              const scales = toggledNumber(config.scales, scale);
              // The last one can't be taken away: there would be no view.
              if (scales.length > 0) changeConfig(`scale ${scale}`, { scales });
            }}
          >
            {scale}
          </Chip>
        ))}
      </Group>
      <Switch
        label="Flip"
        checked={config.flips}
        onChange={(event) => changeConfig("flip", { flips: event.currentTarget.checked })}
      />
      <Switch
        label="Grey"
        checked={config.grayscale}
        onChange={(event) => changeConfig("grey", { grayscale: event.currentTarget.checked })}
      />
      <span className="form-note form-row-end">{2 * config.scales.length} views an image</span>
    </div>
  );
}

function AdaptFields({ config, checkpoint }: ParametersProps) {
  const number = (
    label: string,
    name: "numEpochs" | "baseLr" | "threshold" | "momentum" | "weightDecay",
    limits: { readonly max: number; readonly step: number; readonly description?: string },
  ) => (
    <NumberField
      label={label}
      value={config[name]}
      min={0}
      {...limits}
      onCommit={(value) => changeConfig(label.toLowerCase(), { [name]: value })}
    />
  );
  const isHrnet = checkpoint?.backbone?.startsWith("hrnet") === true;
  const frozen = isHrnet ? config.hrnetLayers : config.resnetLayers;
  return (
    <>
      <div className="form-grid">
        {number("Iterations", "numEpochs", { max: 10_000, step: 1 })}
        {number("Learning rate", "baseLr", { max: 10, step: 0.005 })}
        {number("Threshold", "threshold", {
          max: 1,
          step: 0.05,
          description:
            "Share of a class's largest probability in the image that a pixel must exceed to get a pseudo-label",
        })}
        {number("Momentum", "momentum", { max: 0.999, step: 0.1, description: "Of stochastic gradient descent" })}
        {number("Weight decay", "weightDecay", { max: 1, step: 0.0001 })}
      </div>
      <div className="form-row">
        <span className="form-label" title="Their parameters stay as they are; the stem's always do">
          Frozen {isHrnet ? "stages" : "layers"}
        </span>
        <Group gap={4} role="group" aria-label="Frozen layers">
          {(isHrnet ? [1, 2, 3] : [1, 2, 3, 4]).map((layer) => (
            <Chip
              key={layer}
              variant="light"
              checked={frozen.includes(layer)}
              onChange={() =>
                changeConfig(`layer ${layer}`, {
                  [isHrnet ? "hrnetLayers" : "resnetLayers"]: toggledNumber(frozen, layer),
                })
              }
            >
              {layer}
            </Chip>
          ))}
        </Group>
        <Switch
          className="form-row-end"
          label="Trained with dropout"
          title="Weights do not tell whether the network has dropout behind every ReLU"
          checked={config.dropout}
          onChange={(event) => changeConfig("dropout", { dropout: event.currentTarget.checked })}
        />
      </div>
    </>
  );
}

interface OutlookProps {
  readonly dataset: Dataset | undefined;
  readonly split: string | null;
  readonly config: EvaluationConfig;
}

/** What the evaluation will be of. */
function Outlook({ dataset, split, config }: OutlookProps) {
  const images = imageCountOf(dataset, split);
  return (
    <div className="outlook">
      <p className="outlook-count">
        <strong>{images === null ? "–" : formatCount(images)}</strong> {images === 1 ? "image" : "images"}
      </p>
      <p className="form-note">
        Each one's confusion matrix, calibration sums, entropy and prediction are written as it is done. A stopped or
        killed evaluation goes on with the images that are left.
      </p>
      <h3>Figures</h3>
      <dl className="outlook-figures">
        <dt>Mean IoU</dt>
        <dd>{FIGURE_DEFINITIONS.miou}</dd>
        <dt>Calibration error</dt>
        <dd>{FIGURE_DEFINITIONS.ece}</dd>
        <dt>Entropy</dt>
        <dd>{FIGURE_DEFINITIONS.entropy}</dd>
      </dl>
      {config.method === "tta" && (
        <Notice level="info">
          As in the original program, averaged probabilities pass through softmax once more: the calibration error of
          averaged views can't be compared with the others'.
        </Notice>
      )}
    </div>
  );
}

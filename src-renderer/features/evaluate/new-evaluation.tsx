// The form of a new evaluation: which images, which checkpoint, which method, and what will be recorded.
import { Button, Menu, SegmentedControl, Select, TextInput, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { EvaluationParameters } from "../../../src-shared/contract/evaluation.ts";
import { IMAGE_METHODS } from "../../../src-shared/contract/image-methods.ts";
import { PUBLISHED_PARAMETERS } from "../../../src-shared/contract/recommended-parameters.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { FormSection } from "../../components/form-section.tsx";
import { countOf, formatCount } from "../../components/format.ts";
import { KeyCombo } from "../../components/key-combo.tsx";
import { Notice } from "../../components/notice.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { RecipeControl } from "../../components/recipe-control.tsx";
import { ScreenFrame } from "../../components/screen-frame.tsx";
import { useCommands } from "../../state/commands.ts";
import { isMac } from "../../state/keys.ts";
import { modelNames } from "../../state/model-names.ts";
import { useNavigation } from "../../state/navigation.ts";
import { askForCheckpoint, askForDataset } from "../../state/opening.ts";
import { queries } from "../../state/queries.ts";
import { recipeOf, withParameters } from "../../state/recipe.ts";
import { useSettings } from "../../state/settings.ts";
import { useEvaluateView } from "./evaluate-view.ts";
import { startEvaluation, startEvaluations } from "./evaluation-actions.ts";
import {
  changeConfig,
  changeForm,
  chosenOf,
  comparisonRequests,
  followCheckpoint,
  formProblem,
  isUsable,
  presetsFrom,
  splitOf,
  startRequest,
  useEvaluationForm,
} from "./evaluation-form.ts";
import { EvaluationOutlook } from "./evaluation-outlook.tsx";
import { METHOD_SENTENCES, METHOD_TITLES } from "./evaluation-words.ts";
import "./new-evaluation.css";
import { ParameterFields } from "./parameter-fields.tsx";
import "../../components/link-button.css";

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
  const isReady = problem === null && dataset !== undefined && checkpoint !== undefined;
  const request = isReady ? startRequest(form, dataset, checkpoint, settings) : null;
  const start = () => {
    if (request !== null) void startEvaluation(request);
  };
  useEffect(() => {
    if (checkpoint !== undefined) followCheckpoint(checkpoint);
  }, [checkpoint]);
  const compareAll = () => {
    if (problem !== null || dataset === undefined || checkpoint === undefined) return;
    void startEvaluations(comparisonRequests(form, dataset, checkpoint, settings));
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
    {
      id: "evaluate.compareAll",
      title: "Evaluate all methods",
      group,
      isEnabled: () => problem === null,
      run: compareAll,
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
          <Method config={form.config} checkpoint={checkpoint} />
          <ParameterFields config={form.config} checkpoint={checkpoint} />
          <FormSection title="Name">
            <TextInput
              aria-label="Name"
              placeholder={dataset === undefined ? "" : `${METHOD_TITLES[form.config.method]} on ${dataset.name}`}
              maxLength={200}
              value={form.name}
              onChange={(event) => useEvaluationForm.setState({ name: event.currentTarget.value })}
            />
          </FormSection>
        </div>
        <aside className="new-evaluation-side" aria-label="What is recorded">
          <EvaluationOutlook dataset={dataset} split={split} config={form.config} request={request} />
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
          <Button variant="default" fullWidth disabled={problem !== null} onClick={compareAll}>
            Evaluate all methods
          </Button>
          <p className="form-section-note">
            Plain inference with and without the image’s statistics, averaged views and adapting by every recipe, one
            after another: a table of them by domain.
          </p>
        </aside>
      </div>
    </ScreenFrame>
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
    <FormSection
      title="Images"
      action={
        <button type="button" className="link-button" onClick={() => void askForDataset()}>
          open…
        </button>
      }
    >
      <div className="form-section-pair">
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
        <p className="form-section-note">
          {dataset.labelledCount === 0
            ? "These images have no labels: there will be entropy and confidence, but no IoU."
            : `${countOf(dataset.labelledCount, "image")} of ${formatCount(dataset.imageCount)} have labels; IoU is over these.`}
        </p>
      )}
    </FormSection>
  );
}

interface ModelProps {
  readonly checkpoints: readonly Checkpoint[];
  readonly checkpoint: Checkpoint | undefined;
}

function Model({ checkpoints, checkpoint }: ModelProps) {
  const alpha = useEvaluationForm((state) => state.config.alpha);
  return (
    <FormSection
      title="Checkpoint"
      action={
        <button type="button" className="link-button" onClick={() => void askForCheckpoint()}>
          open…
        </button>
      }
    >
      <div className="form-section-pair">
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
        <p className="form-section-note">
          {modelNames(checkpoint.arch, checkpoint.backbone)} · {checkpoint.numClasses} classes
        </p>
      )}
    </FormSection>
  );
}

interface MethodProps {
  readonly config: EvaluationParameters;
  readonly checkpoint: Checkpoint | undefined;
}

function Method({ config, checkpoint }: MethodProps) {
  const recommended = checkpoint?.recommended ?? null;
  const settings = useSettings();
  const presets = presetsFrom(settings, config);
  return (
    <FormSection
      title="Method"
      action={
        config.method !== "predict" && (
          <Menu position="bottom-end" width={220}>
            <Menu.Target>
              <UnstyledButton className="link-button">
                parameters from <IconChevronDown size={11} aria-hidden="true" />
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              {recommended !== null && (
                <Menu.Item
                  title={recommended.foundOn}
                  onClick={() =>
                    changeForm("the recommended recipe", { config: withParameters(config, recommended.parameters) })
                  }
                >
                  Recommended by the checkpoint
                </Menu.Item>
              )}
              <Menu.Item
                onClick={() =>
                  changeForm("the published recipe", { config: withParameters(config, PUBLISHED_PARAMETERS) })
                }
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
          const method = IMAGE_METHODS.find((entry) => entry === value) ?? "predict";
          changeConfig(`method ${METHOD_TITLES[method]}`, { method });
        }}
        data={IMAGE_METHODS.map((value) => ({ value, label: METHOD_TITLES[value] }))}
      />
      <p className="form-section-note">{METHOD_SENTENCES[config.method]}</p>
      {config.method === "adapt" && recommended !== null && (
        <RecipeControl
          value={recipeOf(config, checkpoint)}
          foundOn={recommended.foundOn}
          onChoose={(recipe) => {
            const parameters = recipe === "recommended" ? recommended.parameters : PUBLISHED_PARAMETERS;
            changeForm(`the ${recipe} recipe`, { config: withParameters(config, parameters) });
          }}
        />
      )}
    </FormSection>
  );
}

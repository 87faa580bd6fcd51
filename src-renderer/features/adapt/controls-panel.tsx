// The parameters of the next run, with everything that can be known of it before it starts.

import { Chip, Group, SegmentedControl, Select, Switch } from "@mantine/core";
import { alphaLimit, numberFieldOf, parameterMeta } from "../../../src-shared/contract/parameters.ts";
import { PUBLISHED_PARAMETERS } from "../../../src-shared/contract/recommended-parameters.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import { RUN_METHODS, type Run, type RunConfigForm } from "../../../src-shared/contract/workbench/runs.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { FitFields, isFitted } from "../../components/fit-fields.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { RecipeControl } from "../../components/recipe-control.tsx";
import { WindowFields } from "../../components/window-fields.tsx";
import {
  changeForm,
  layersOptionOf,
  offeredScales,
  useAdaptForm,
  viewsOf,
  withFrozenLayer,
  withScale,
} from "../../state/adapt-form.ts";
import { classesOfCheckpoint } from "../../state/checkpoint-classes.ts";
import { useNavigation } from "../../state/navigation.ts";
import { openTuneOfImage } from "../../state/open-tune.ts";
import { askForCheckpoint } from "../../state/opening.ts";
import { recipeOf, withParameters } from "../../state/recipe.ts";
import { METHOD_TITLES } from "../../state/run-words.ts";
import { AddScale } from "./add-scale.tsx";
import { METHOD_SENTENCES } from "./method-sentences.ts";
import { PresetMenu } from "./preset-menu.tsx";
import { RunBox } from "./run-box.tsx";
import { ViewsButton } from "./views-dialog.tsx";
import "./controls.css";
import "../../components/link-button.css";

interface Props {
  readonly image: ImageItem | undefined;
  readonly checkpoints: readonly Checkpoint[];
  readonly checkpoint: Checkpoint | undefined;
  readonly run: Run | null;
  readonly runProblem: string | null;
}

export function ControlsPanel({ image, checkpoints, checkpoint, run, runProblem }: Props) {
  const { method } = useAdaptForm((state) => state.config);
  return (
    <aside className="controls" aria-label="Parameters">
      <div className="controls-scroll">
        <CheckpointField checkpoints={checkpoints} checkpoint={checkpoint} />
        <MethodField checkpoint={checkpoint} />
        {method !== "predict" && <ViewFields image={image} run={run} modelClasses={classesOfCheckpoint(checkpoint)} />}
        {method === "adapt" && <AdaptFields image={image} checkpoint={checkpoint} />}
        <ModelFields checkpoint={checkpoint} />
        <PredictionFields />
      </div>
      <RunBox image={image} checkpoint={checkpoint} run={run} runProblem={runProblem} />
    </aside>
  );
}

function CheckpointField({ checkpoints, checkpoint }: Pick<Props, "checkpoints" | "checkpoint">) {
  const { checkpointId, go } = useNavigation();
  return (
    <section className="controls-group">
      <div className="controls-head">
        <h2>Checkpoint</h2>
        <button type="button" className="link-button" onClick={() => void askForCheckpoint()}>
          open…
        </button>
      </div>
      <Select
        aria-label="Checkpoint"
        placeholder={checkpoints.length === 0 ? "Open a checkpoint first" : "Choose a checkpoint"}
        value={checkpointId}
        allowDeselect={false}
        data={checkpoints.map(({ id, name, problem, isAvailable }) => ({
          value: id,
          label: name,
          disabled: problem !== null || !isAvailable,
        }))}
        onChange={(value) => {
          const chosen = checkpoints.find(({ id }) => id === value);
          if (chosen !== undefined) go({ checkpointId: chosen.id });
        }}
      />
      {checkpoint !== undefined && (
        <p className="controls-note">
          {[
            checkpoint.backbone ?? checkpoint.arch,
            checkpoint.numClasses === null ? null : `${checkpoint.numClasses} classes`,
            checkpoint.alpha === null ? null : `alpha ${checkpoint.alpha}`,
          ]
            .filter((part) => part !== null)
            .join(" · ")}
        </p>
      )}
      {checkpoint?.isAvailable === false && (
        <p className="controls-note" data-level="error">
          The file is not there any more: {checkpoint.path}
        </p>
      )}
      {checkpoint?.problem != null && (
        <p className="controls-note" data-level="error">
          {checkpoint.problem.message}
        </p>
      )}
    </section>
  );
}

function MethodField({ checkpoint }: Pick<Props, "checkpoint">) {
  const config = useAdaptForm((state) => state.config);
  const { method } = config;
  const recommended = checkpoint?.recommended ?? null;
  return (
    <section className="controls-group">
      <div className="controls-head">
        <h2>Method</h2>
        <PresetMenu checkpoint={checkpoint} />
      </div>
      <SegmentedControl
        fullWidth
        aria-label="Method"
        value={method}
        onChange={(value) => changeForm(`method ${METHOD_TITLES[value]}`, (config) => ({ ...config, method: value }))}
        data={RUN_METHODS.map((value) => ({ value, label: METHOD_TITLES[value] }))}
      />
      <p className="controls-note">{METHOD_SENTENCES[method]}</p>
      {method === "adapt" && recommended !== null && (
        <RecipeControl
          value={recipeOf(config, checkpoint)}
          foundOn={recommended.foundOn}
          onChoose={(recipe) => {
            const parameters = recipe === "recommended" ? recommended.parameters : PUBLISHED_PARAMETERS;
            changeForm(`the ${recipe} recipe`, (form) => withParameters(form, parameters));
          }}
        />
      )}
      {method === "adapt" && checkpoint?.recommendedProblem != null && (
        <p className="controls-note">{checkpoint.recommendedProblem.message}</p>
      )}
    </section>
  );
}

function ViewFields({ image, run, modelClasses }: Pick<Props, "image" | "run"> & { readonly modelClasses: LabelSet }) {
  const config = useAdaptForm((state) => state.config);
  return (
    <section className="controls-group">
      <div className="controls-head">
        <h2>Views</h2>
        <ViewsButton image={image} run={run} modelClasses={modelClasses} />
      </div>
      <Group gap={4} role="group" aria-label="Scales">
        {offeredScales(config).map((scale) => (
          <Chip
            key={scale}
            variant="light"
            checked={config.scales.includes(scale)}
            onChange={() => changeForm(`scale ${scale}`, (current) => withScale(current, scale))}
          >
            {scale}
          </Chip>
        ))}
        <AddScale />
      </Group>
      <Group gap={16}>
        <FormSwitch label="Flip" name="flips" />
        <FormSwitch label="Grey" name="grayscale" />
        <span className="controls-count">{viewsOf(config).length} views</span>
      </Group>
    </section>
  );
}

function FormSwitch({ label, name }: { readonly label: string; readonly name: "flips" | "grayscale" }) {
  const checked = useAdaptForm((state) => state.config[name]);
  return (
    <Switch
      label={label}
      checked={checked}
      onChange={(event) => {
        const next = event.currentTarget.checked;
        changeForm(label.toLowerCase(), (config) => ({ ...config, [name]: next }));
      }}
    />
  );
}

function AdaptFields({ image, checkpoint }: Pick<Props, "image" | "checkpoint">) {
  const config = useAdaptForm((state) => state.config);
  const { name: layersName, layers } = layersOptionOf(checkpoint?.backbone);
  const set =
    (label: string, name: "numEpochs" | "baseLr" | "threshold" | "momentum" | "weightDecay" | "keepEvery") =>
    (value: number): void =>
      changeForm(label, (current: RunConfigForm) => ({ ...current, [name]: value }));
  return (
    <section className="controls-group">
      <div className="controls-head">
        <h2>Adaptation</h2>
        <button
          type="button"
          className="link-button"
          disabled={image === undefined || checkpoint === undefined}
          onClick={() => image !== undefined && void openTuneOfImage(image.id, checkpoint?.id ?? null)}
        >
          auto-tune…
        </button>
      </div>
      <div className="controls-grid">
        <NumberField
          {...numberFieldOf("numEpochs")}
          value={config.numEpochs}
          onCommit={set("iterations", "numEpochs")}
        />
        <NumberField {...numberFieldOf("baseLr")} value={config.baseLr} onCommit={set("learning rate", "baseLr")} />
        <NumberField
          {...numberFieldOf("threshold")}
          value={config.threshold}
          onCommit={set("threshold", "threshold")}
        />
        <NumberField
          label="Keep every"
          description="A prediction is kept after every so many iterations; the first and the last always are"
          value={config.keepEvery}
          min={1}
          max={1000}
          step={1}
          onCommit={set("keep every", "keepEvery")}
        />
        <NumberField {...numberFieldOf("momentum")} value={config.momentum} onCommit={set("momentum", "momentum")} />
        <NumberField
          {...numberFieldOf("weightDecay")}
          value={config.weightDecay}
          onCommit={set("weight decay", "weightDecay")}
        />
      </div>
      <div className="controls-row">
        <span className="controls-label" title={parameterMeta(layersName).description}>
          Frozen layers
        </span>
        <Group gap={4} role="group" aria-label="Frozen layers">
          {layers.map((layer) => (
            <Chip
              key={layer}
              variant="light"
              checked={config[layersName].includes(layer)}
              onChange={() => changeForm(`layer ${layer}`, (current) => withFrozenLayer(current, layersName, layer))}
            >
              {layer}
            </Chip>
          ))}
        </Group>
      </div>
    </section>
  );
}

function PredictionFields() {
  const config = useAdaptForm((state) => state.config);
  return (
    <section className="controls-group">
      <WindowFields
        config={config}
        gridClass="controls-grid"
        onChange={(label, change) => changeForm(label, (current) => ({ ...current, ...change }))}
      />
      {isFitted(config) && (
        <FitFields
          config={config}
          gridClass="controls-grid"
          onChange={(label, change) => changeForm(label, (current) => ({ ...current, ...change }))}
        />
      )}
    </section>
  );
}

function ModelFields({ checkpoint }: Pick<Props, "checkpoint">) {
  const { alpha, dropout, seed } = useAdaptForm((state) => state.config);
  const stored = checkpoint?.alpha;
  const limit = alphaLimit(checkpoint?.backbone);
  return (
    <section className="controls-group">
      <div className="controls-grid">
        <NumberField
          {...numberFieldOf("alpha")}
          value={alpha}
          placeholder={stored == null ? "as stored" : `${stored} (stored)`}
          onClear={() => changeForm("alpha", (config) => ({ ...config, alpha: null }))}
          onCommit={(value) => changeForm("alpha", (config) => ({ ...config, alpha: value }))}
        />
        {dropout && (
          <NumberField
            {...numberFieldOf("seed")}
            value={seed}
            onCommit={(value) => changeForm("seed", (config) => ({ ...config, seed: Math.round(value) }))}
          />
        )}
      </div>
      {limit !== null && <p className="controls-note">{limit}.</p>}
      <Switch
        label="Trained with dropout"
        checked={dropout}
        onChange={(event) => {
          const next = event.currentTarget.checked;
          changeForm("dropout", (config) => ({ ...config, dropout: next }));
        }}
      />
    </section>
  );
}

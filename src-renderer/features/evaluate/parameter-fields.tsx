// The parameters of the methods that have some, as on the adapt screen.
import { Chip, Group, Switch } from "@mantine/core";
import type { EvaluationParameters } from "../../../src-shared/contract/evaluation.ts";
import { dropoutConfigSchema } from "../../../src-shared/contract/image-methods.ts";
import { numberFieldOf, parameterMeta } from "../../../src-shared/contract/parameters.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { FitFields, isFitted } from "../../components/fit-fields.tsx";
import { FormSection } from "../../components/form-section.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { WindowFields } from "../../components/window-fields.tsx";
import { layersOptionOf, offeredScales } from "../../state/adapt-form.ts";
import { changeConfig, toggledNumber } from "./evaluation-form.ts";

interface ParametersProps {
  readonly config: EvaluationParameters;
  readonly checkpoint: Checkpoint | undefined;
}

export function ParameterFields({ config, checkpoint }: ParametersProps) {
  return (
    <FormSection title="Parameters">
      {config.method === "mc-dropout" && <DropoutFields config={config} />}
      {(config.method === "tta" || config.method === "adapt") && <ViewFields config={config} />}
      {config.method === "adapt" && <AdaptFields config={config} checkpoint={checkpoint} />}
      <WindowFields config={config} gridClass="form-grid" onChange={changeConfig} />
      {isFitted(config) && <FitFields config={config} gridClass="form-grid" onChange={changeConfig} />}
    </FormSection>
  );
}

function DropoutFields({ config }: { readonly config: EvaluationParameters }) {
  return (
    <>
      <div className="form-grid">
        <NumberField
          {...numberFieldOf(dropoutConfigSchema.shape.passes)}
          value={config.passes}
          onCommit={(value) => changeConfig("passes", { passes: value })}
        />
        <SeedField config={config} />
      </div>
      <DropoutSwitch config={config} />
    </>
  );
}

function DropoutSwitch({
  config,
  className = "",
}: {
  readonly config: EvaluationParameters;
  readonly className?: string;
}) {
  return (
    <Switch
      className={className}
      label="Trained with dropout"
      title="Weights do not tell whether the network has dropout behind every ReLU"
      checked={config.dropout}
      onChange={(event) => changeConfig("dropout", { dropout: event.currentTarget.checked })}
    />
  );
}

function SeedField({ config }: { readonly config: EvaluationParameters }) {
  return (
    <NumberField
      {...numberFieldOf("seed")}
      value={config.seed}
      onCommit={(value) => changeConfig("seed", { seed: value })}
    />
  );
}

function ViewFields({ config }: { readonly config: EvaluationParameters }) {
  const offered = offeredScales(config);
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
      <span className="form-section-note">{2 * config.scales.length} views an image</span>
    </div>
  );
}

function AdaptFields({ config, checkpoint }: ParametersProps) {
  const number = (name: "numEpochs" | "baseLr" | "threshold" | "momentum" | "weightDecay") => {
    const field = numberFieldOf(name);
    return (
      <NumberField
        {...field}
        value={config[name]}
        onCommit={(value) => changeConfig(field.label.toLowerCase(), { [name]: value })}
      />
    );
  };
  const { name: layersName, layers } = layersOptionOf(checkpoint?.backbone);
  const frozen = config[layersName];
  return (
    <>
      <div className="form-grid">
        {number("numEpochs")}
        {number("baseLr")}
        {number("threshold")}
        {number("momentum")}
        {config.dropout && <SeedField config={config} />}
        {number("weightDecay")}
      </div>
      <div className="form-row">
        <span className="form-label" title={parameterMeta(layersName).description}>
          Frozen layers
        </span>
        <Group gap={4} role="group" aria-label="Frozen layers">
          {layers.map((layer) => (
            <Chip
              key={layer}
              variant="light"
              checked={frozen.includes(layer)}
              onChange={() => changeConfig(`layer ${layer}`, { [layersName]: toggledNumber(frozen, layer) })}
            >
              {layer}
            </Chip>
          ))}
        </Group>
        <DropoutSwitch config={config} className="form-row-end" />
      </div>
    </>
  );
}

// The parameters of the methods that have some, as on the adapt screen.
import { Chip, Group, Switch } from "@mantine/core";
import type { EvaluationConfig } from "../../../src-shared/contract/evaluation.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { FormSection } from "../../components/form-section.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { changeConfig, toggledNumber } from "./evaluation-form.ts";

interface ParametersProps {
  readonly config: EvaluationConfig;
  readonly checkpoint: Checkpoint | undefined;
}

export function ParameterFields({ config, checkpoint }: ParametersProps) {
  return (
    <FormSection title="Parameters">
      {config.method === "mc-dropout" ? (
        <DropoutFields config={config} />
      ) : (
        <>
          <ViewFields config={config} />
          {config.method === "adapt" && <AdaptFields config={config} checkpoint={checkpoint} />}
        </>
      )}
    </FormSection>
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
      <SeedField config={config} />
    </div>
  );
}

function SeedField({ config }: { readonly config: EvaluationConfig }) {
  return (
    <NumberField
      label="Seed"
      description="Of the dropout masks"
      value={config.seed}
      min={0}
      max={2 ** 31}
      step={1}
      onCommit={(value) => changeConfig("seed", { seed: value })}
    />
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
      <span className="form-section-note">{2 * config.scales.length} views an image</span>
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
        {config.dropout && <SeedField config={config} />}
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

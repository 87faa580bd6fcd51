// Every parameter of a training; a dot marks what differs from the published recipe.
import type { TrainingConfig } from "../../../src-shared/contract/training-config.ts";
import type { Training } from "../../../src-shared/contract/workbench/trainings.ts";
import { Facts } from "../../components/facts.tsx";
import { modelName } from "../../state/model-names.ts";
import { changedFrom, RECIPE } from "./training-form.ts";
import { firstValidation } from "./training-words.ts";

const NAMES: readonly (readonly [keyof TrainingConfig, string, (config: TrainingConfig) => string | number])[] = [
  ["archType", "Architecture", ({ archType }) => modelName(archType)],
  [
    "backboneName",
    "Backbone",
    ({ archType, backboneName }) => (archType.startsWith("hrnet") ? "its own" : modelName(backboneName)),
  ],
  ["width", "Stem width", ({ width }) => `${width} channels`],
  ["dropout", "Dropout", ({ dropout }) => (dropout ? "behind every ReLU" : "none")],
  ["baseLr", "Learning rate", ({ baseLr }) => baseLr],
  ["lrScheduler", "Schedule", ({ lrScheduler }) => (lrScheduler === "poly" ? "polynomial" : "constant")],
  ["momentum", "Momentum", ({ momentum }) => momentum],
  ["weightDecay", "Weight decay", ({ weightDecay }) => weightDecay],
  ["auxWeight", "Auxiliary loss", ({ auxWeight }) => (auxWeight === 0 ? "none" : auxWeight)],
  ["ema", "Moving average", ({ ema }) => (ema === 0 ? "none" : ema)],
  ["numEpochs", "Epochs", ({ numEpochs }) => numEpochs],
  [
    "batchSize",
    "Batch",
    ({ batchSize, microBatchSize }) =>
      microBatchSize === null ? batchSize : `${batchSize}, ${microBatchSize} at once`,
  ],
  ["cropSize", "Crops", ({ cropSize: [height, width] }) => `${width} × ${height}`],
  [
    "augmentation",
    "Augmentation",
    ({ augmentation: { cropArea, flip, jitter, gray, blurRadius } }) =>
      `area ${cropArea.join(" to ")}, flip ${flip}, jitter ${jitter}, grey ${gray}, blur ${blurRadius.join(" to ")}`,
  ],
  ["alpha", "Alpha", ({ alpha, numAlphas }) => alpha ?? `${numAlphas} from 0 to 1`],
  [
    "validationStart",
    "Validation",
    (config) =>
      `from epoch ${firstValidation(config) ?? "–"} on, every ${config.validationStep === 1 ? "one" : config.validationStep}`,
  ],
  ["seed", "Seed", ({ seed }) => seed],
];

export function ParameterTable({ training: { config } }: { readonly training: Training }) {
  // A network that is its own backbone has none to change.
  const changed = changedFrom(RECIPE, config).filter(
    (key) => key !== "backboneName" || !config.archType.startsWith("hrnet"),
  );
  return (
    <section className="training-panel">
      <h2>Parameters</h2>
      <p className="training-panel-note">A dot marks what differs from the published recipe.</p>
      <Facts
        facts={NAMES.map(([key, name, value]) => ({
          name,
          value: changed.includes(key) ? (
            <span className="training-changed">
              <span className="training-changed-dot" role="img" aria-label="differs from the recipe" />
              {value(config)}
            </span>
          ) : (
            value(config)
          ),
        }))}
      />
    </section>
  );
}

// Every parameter of a run, in words, with those marked that differ from the published recipe.
import {
  type RunConfigForm,
  type RunMethod,
  runConfigFormSchema,
} from "../../../src-shared/contract/workbench/runs.ts";

export interface ParameterRow {
  readonly name: string;
  readonly value: string;
  /** Not what the published recipe has. */
  readonly isChanged: boolean;
}

interface Parameter {
  readonly key: keyof RunConfigForm;
  readonly name: string;
  readonly methods: readonly RunMethod[];
  readonly value: (config: RunConfigForm) => string;
}

const ALL: readonly RunMethod[] = ["predict", "tta", "adapt"];
const WITH_VIEWS: readonly RunMethod[] = ["tta", "adapt"];
const ADAPT: readonly RunMethod[] = ["adapt"];

const PARAMETERS: readonly Parameter[] = [
  { key: "scales", name: "Scales", methods: WITH_VIEWS, value: ({ scales }) => scales.join(", ") },
  { key: "flips", name: "Mirrored views", methods: WITH_VIEWS, value: ({ flips }) => yesNo(flips) },
  { key: "grayscale", name: "Grey views", methods: WITH_VIEWS, value: ({ grayscale }) => yesNo(grayscale) },
  { key: "threshold", name: "Threshold", methods: ADAPT, value: ({ threshold }) => String(threshold) },
  { key: "baseLr", name: "Learning rate", methods: ADAPT, value: ({ baseLr }) => String(baseLr) },
  { key: "numEpochs", name: "Iterations", methods: ADAPT, value: ({ numEpochs }) => String(numEpochs) },
  { key: "momentum", name: "Momentum", methods: ADAPT, value: ({ momentum }) => String(momentum) },
  { key: "weightDecay", name: "Weight decay", methods: ADAPT, value: ({ weightDecay }) => String(weightDecay) },
  {
    key: "resnetLayers",
    name: "Frozen ResNet layers",
    methods: ADAPT,
    value: ({ resnetLayers }) => list(resnetLayers),
  },
  { key: "hrnetLayers", name: "Frozen HRNet stages", methods: ADAPT, value: ({ hrnetLayers }) => list(hrnetLayers) },
  { key: "alpha", name: "Alpha", methods: ALL, value: ({ alpha }) => (alpha === null ? "as stored" : String(alpha)) },
  { key: "dropout", name: "Dropout", methods: ALL, value: ({ dropout }) => yesNo(dropout) },
  { key: "seed", name: "Seed", methods: ALL, value: ({ seed }) => String(seed) },
  {
    key: "carryVelocity",
    name: "Velocity carried over",
    methods: ADAPT,
    value: ({ carryVelocity }) => yesNo(carryVelocity),
  },
  {
    key: "keepEvery",
    name: "Predictions kept",
    methods: ADAPT,
    value: ({ keepEvery, numEpochs }) => keptWords(keepEvery, numEpochs),
  },
];

const RECIPE = runConfigFormSchema.parse({});

/** The parameters that the run's method has. */
export function parameterRows(config: RunConfigForm): readonly ParameterRow[] {
  return PARAMETERS.filter(({ methods }) => methods.includes(config.method)).map(({ key, name, value }) => ({
    name,
    value: value(config),
    isChanged: JSON.stringify(config[key]) !== JSON.stringify(RECIPE[key]),
  }));
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}

function list(layers: readonly number[]): string {
  return layers.length === 0 ? "none" : layers.join(", ");
}

function keptWords(keepEvery: number, numEpochs: number): string {
  if (keepEvery === 1) return "every one";
  return keepEvery >= numEpochs ? "first and last" : `every ${keepEvery}`;
}

// What the built-in sample is made of: which scenes serve what, how the network is trained, what is tried and reported.
import type { SampleDomain } from "../../src-main/engine/sample/render-sample-scene.ts";

export const SIZE = { width: 512, height: 256 } as const;

/** The domains that the network never sees; it is trained on clear days. */
export const TARGETS = ["fog", "night", "rain"] as const satisfies readonly SampleDomain[];

/** Scenes of one seed serve one purpose. */
export const SCENES = {
  training: { seed: 1, count: 600 },
  /** Clear scenes by which the first training chooses its epoch: those that follow the training's. */
  validation: { seed: 1, first: 600, count: 8 },
  /** Of each target: they choose epoch and alpha of the second training, and the parameters of self-adaptation. */
  development: { seed: 8, count: 4 },
  shipped: { seed: 7, count: 4 },
  /** Of each domain and seed. */
  test: { seeds: [11, 12, 13], count: 50 },
} as const;

const NETWORK = ["--backbone-name", "resnet18", "--width", "24", "--crop-size", "192", "192", "--batch-size", "4"];

/** From scratch. */
export const FIRST_TRAINING = [
  ...NETWORK,
  ...["--base-lr", "0.05", "--num-epochs", "45", "--blur-radius", "0.1", "1", "--alpha", "0.1"],
  ...["--validation-start", "24", "--validation-step", "5"],
];

/**
 * From the first one's weights, with stronger changes of colour. Validation is the paper's: a grid of alphas, on other
 * domains than the training's.
 */
export const SECOND_TRAINING = [
  ...NETWORK,
  ...["--base-lr", "0.02", "--ema", "0.99", "--num-epochs", "19", "--blur-radius", "0.1", "1"],
  ...["--gray", "0.3", "--jitter", "0.8", "--validation-start", "14", "--validation-step", "2"],
];

/** What `acclimate tune` tries: each is one call, with all combinations of its lists. */
export const TUNINGS: readonly { readonly name: string; readonly flags: readonly string[] }[] = [
  tuning("rates", "0.75,1,1.25", ["--no-grayscale", "--base-lr", "0.05,0.1,0.2", "--num-epochs", "5,10"]),
  tuning("thresholds", "0.75,1,1.25", [
    ...["--no-grayscale", "--base-lr", "0.2", "--num-epochs", "5,10", "--threshold", "0.1,0.25,0.4"],
  ]),
  tuning("gray", "0.75,1,1.25", ["--base-lr", "0.2", "--num-epochs", "5"]),
  tuning("layer2-too", "0.75,1,1.25", [
    ...["--no-grayscale", "--base-lr", "0.1", "--num-epochs", "5", "--resnet-layers", "1"],
  ]),
  tuning("two-scales", "1,1.25", ["--no-grayscale", "--base-lr", "0.2", "--num-epochs", "5"]),
  tuning("four-scales", "0.75,1,1.25,1.5", ["--no-grayscale", "--base-lr", "0.2", "--num-epochs", "5"]),
];

function tuning(name: string, scales: string, flags: readonly string[]) {
  return { name, flags: ["--scales", scales, ...flags] };
}

/** The methods (as in `comparedMethods`) that are evaluated on all seeds of the test scenes; the others on the first. */
export const CLAIMED: readonly string[] = ["source", "predict", "adapt-recommended"];

// The recorded runs of the complete method on one image: what is in them, and the same computed.
import { at } from "../../src-main/engine/graph/node.ts";
import { argmaxLabels } from "../../src-main/engine/images/argmax.ts";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import type { LabelMap, RgbImage } from "../../src-main/engine/images/rgb-image.ts";
import type { ViewOptions } from "../../src-main/engine/images/views.ts";
import { floats } from "../../src-main/engine/methods/inference/predict.ts";
import type { PseudoLabel } from "../../src-main/engine/methods/self-adaptation/pseudo-label.ts";
import { selfAdapt } from "../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import { type DropoutMasks, keptFactor } from "../../src-main/engine/methods/shared/dropout-masks.ts";
import { outputOf, type SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import { adaptationConfigSchema } from "../../src-shared/contract/adaptation-config.ts";
import { labelIdToTrainId } from "../../src-shared/labels/label-id-to-train-id.ts";
import { FIXTURES } from "./fixtures-root.ts";
import { fnv1a, hash32 } from "./generated-weights.ts";
import { type GoldenModelCase, goldenModel, readCase } from "./golden-model.ts";
import type { Probe, Summary } from "./recorded.ts";
import type { RecordedMetrics } from "./recorded-metrics.ts";
import { onnxRuntime } from "./runtimes-under-test.ts";
import { readFixtureTensors } from "./safetensors-fixture.ts";

export interface OutputTolerance {
  readonly final_lowres_logits_max_abs: number;
  readonly final_lowres_logits_rms: number;
  readonly out_test_max_abs: number;
  readonly out_test_rms: number;
  readonly argmax_pixels_differing: number;
  readonly mean_iou: number;
  readonly ece: number;
}

export interface RecordedOutput {
  readonly prediction: string;
  readonly output: Summary;
  readonly metrics: RecordedMetrics;
  readonly suggested_tolerance: OutputTolerance;
}

export interface RecordedAdaptation {
  readonly name: string;
  readonly hyper: {
    readonly lr: number;
    readonly iterations: number;
    readonly momentum: number;
    readonly weight_decay: number;
    readonly threshold: number;
    readonly frozen_layers: readonly number[];
    /** A seed where the dropout of the network had the portable masks of the fixtures' README. */
    readonly dropout?: string;
    readonly dropout_seed?: number;
  };
  readonly losses: readonly number[];
  readonly gradients_iter0: Readonly<Record<string, Probe | null>>;
  readonly parameter_deltas: Readonly<Record<string, Probe | { readonly final: number }>>;
  readonly final_logits: Summary;
  readonly prediction: string;
  readonly metrics: RecordedMetrics;
  readonly tensors: { readonly final_lowres_logits: string; readonly final_logits_subsampled?: string };
  readonly suggested_tolerance: OutputTolerance & {
    readonly class_threshold_max_abs: number;
    readonly pseudo_label_pixels_differing: number;
    readonly loss_abs: readonly number[];
    readonly iter0_lowres_logits_max_abs: number;
    readonly iter0_lowres_logits_rms: number;
    /** Keys begin with `module.` here. */
    readonly grad_rel: Readonly<Record<string, number>>;
    readonly delta_rel: Readonly<Record<string, number>>;
  };
}

export interface AdaptationCase extends GoldenModelCase {
  readonly alpha: number;
  readonly source: "gta" | "synthia";
  readonly image: string;
  readonly ground_truth: string;
  readonly augmentation: {
    readonly scales: number[];
    readonly flips: boolean;
    readonly grayscale: boolean;
    readonly crops_in_order: readonly { readonly png: string; readonly flip: boolean; readonly gray: boolean }[];
  };
  readonly only_inf: RecordedOutput;
  readonly tta: RecordedOutput & {
    readonly suggested_tolerance: { readonly fused_softmax_max_abs: number };
  };
  readonly adapt: readonly RecordedAdaptation[];
  readonly pseudo_labels: {
    readonly file: string;
    readonly class_threshold: readonly number[];
    readonly histogram_by_class_then_ignored: readonly number[];
  };
}

export interface Computed {
  readonly scores: Float32Array;
  readonly lowResolution: Float32Array;
  readonly pseudoLabel: PseudoLabel;
  readonly losses: readonly number[];
  /** What adaptation changed, minus what it was, by key. */
  readonly changes: ReadonlyMap<string, Float32Array>;
  /** Parameters that SGD updates, by as little as it may be. */
  readonly trained: readonly string[];
}

/** A case with its tensors, and what every run of it shares. */
export interface GoldenAdaptation {
  readonly folder: string;
  readonly golden: AdaptationCase;
  readonly recorded: ReturnType<typeof readFixtureTensors>;
  readonly views: ViewOptions;
}

/** What is to be computed with. */
export interface AdaptationInputs {
  readonly model: SegmentationModel;
  readonly image: RgbImage;
  readonly labels: LabelMap;
}

export function readAdaptationCase(name: string): GoldenAdaptation {
  const folder = `${FIXTURES}B-adaptation/${name}/`;
  const golden = readCase<AdaptationCase>(`B-adaptation/${name}`);
  const { scales, flips, grayscale } = golden.augmentation;
  const recorded = readFixtureTensors(`${folder}tensors.safetensors`);
  return { folder, golden, recorded, views: { scales, flips, grayscale } };
}

export async function adaptationInputs(name: string, { folder, golden }: GoldenAdaptation): Promise<AdaptationInputs> {
  const model = await goldenModel(onnxRuntime, `B-adaptation/${name}`, golden, golden.alpha);
  const image = await decodeImage(`${folder}${golden.image}`);
  const labelIds = await decodeLabelMap(`${folder}${golden.ground_truth}`);
  const trainIds = labelIdToTrainId("cityscapes", golden.source === "gta" ? 19 : 16);
  return { model, image, labels: { ...labelIds, data: labelIds.data.map((id) => trainIds[id] ?? 255) } };
}

/** One recorded run, computed. */
export async function computeRun(
  { views }: GoldenAdaptation,
  { model, image }: AdaptationInputs,
  { hyper }: RecordedAdaptation,
): Promise<Computed> {
  const config = adaptationConfigSchema.parse({
    ...views,
    threshold: hyper.threshold,
    baseLr: hyper.lr,
    numEpochs: hyper.iterations,
    momentum: hyper.momentum,
    weightDecay: hyper.weight_decay,
    [model.architecture.layersOption]: hyper.frozen_layers,
  });
  const masks = recordedMasks(hyper.dropout_seed);
  const { prediction, pseudoLabel, losses, weights } = await selfAdapt(model, image, config, { masks });
  const changes = new Map<string, Float32Array>();
  const trained: string[] = [];
  for (const [key, tensor] of weights.tensors) {
    if (tensor !== model.base.get(key) && !key.includes(".running_")) trained.push(key);
    const [before, after] = [await floats(outputOf(model.base, key)), await tensor.read()];
    const change = before.map((value, k) => (after[k] ?? Number.NaN) - value);
    if (change.some((value) => value !== 0)) changes.set(key, change);
  }
  weights.dispose();
  const lowResolution = prediction.lowResolution ?? new Float32Array();
  return { scores: prediction.scores, lowResolution, pseudoLabel, losses, changes, trained };
}

/** The fixtures' portable masks; without a seed dropout was off. Source: fixtures README, "1. Weights", dropout. */
export function recordedMasks(seed: number | undefined): DropoutMasks {
  return (k, { shape, rate }) => {
    const mask = new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1);
    if (seed === undefined) return mask;
    const stream = (fnv1a(`dropout:${k}`) ^ seed) >>> 0;
    return mask.map((_, i) => (hash32(stream, i) / 2 ** 32 >= rate ? keptFactor(rate) : 0));
  };
}

/** Labels of the most probable classes. */
export function predictedLabels({ golden }: GoldenAdaptation, scores: Float32Array, image: RgbImage): Uint8Array {
  return argmaxLabels(scores, golden.num_classes, image.height, image.width).data;
}

/** All but the count of batches, which no pass reads and adapted weights do not keep. */
export function recordedChanges({ parameter_deltas }: RecordedAdaptation): [string, Probe][] {
  return Object.entries(parameter_deltas).flatMap(([key, delta]): [string, Probe][] =>
    "probe" in delta ? [[key, delta]] : [],
  );
}

/** The first run's options with one step at learning rate 1, which changes each parameter by its gradient. */
export function oneGradientStep({ golden }: GoldenAdaptation): RecordedAdaptation {
  const run = at(golden.adapt, 0);
  return { ...run, hyper: { ...run.hyper, lr: 1, iterations: 1 } };
}

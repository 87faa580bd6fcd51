// Two images one after another, with various options, against the recorded runs: what is reset between them, and what is not.
import { beforeAll, describe, expect, it } from "vitest";
import { at } from "../../src-main/engine/graph/node.ts";
import { argmaxLabels } from "../../src-main/engine/images/argmax.ts";
import { decodeImage } from "../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import type { Velocities } from "../../src-main/engine/methods/self-adaptation/adapted-weights.ts";
import { selfAdapt } from "../../src-main/engine/methods/self-adaptation/self-adapt.ts";
import type { SegmentationModel } from "../../src-main/engine/methods/shared/segmentation-model.ts";
import { type AdaptationConfig, adaptationConfigSchema } from "../../src-shared/contract/adaptation-config.ts";
import { labelIdToTrainId } from "../../src-shared/labels/label-id-to-train-id.ts";
import { closestRounding } from "../helpers/closest-rounding.ts";
import { FIXTURES } from "../helpers/fixtures-root.ts";
import { type GoldenModelCase, goldenModel, readCase } from "../helpers/golden-model.ts";
import { countDiffering, differenceOf } from "../helpers/recorded.ts";
import { type EvaluatedImage, expectRecordedMetrics, type RecordedMetrics } from "../helpers/recorded-metrics.ts";
import { onnxRuntime } from "../helpers/runtimes-under-test.ts";
import { readFixtureTensors } from "../helpers/safetensors-fixture.ts";

const FOLDER = "H-sequence";

interface RecordedImage {
  readonly losses: readonly number[];
  readonly valid_pixels: number;
  readonly prediction: string;
  readonly pseudo_labels: string;
  readonly final_lowres_logits: string;
  /** How many parameters change. */
  readonly trained_keys: number;
  readonly suggested_tolerance: {
    readonly loss_abs: readonly number[];
    readonly final_lowres_logits_max_abs: number;
    readonly final_lowres_logits_rms: number;
    readonly pseudo_label_pixels_differing: number;
    readonly argmax_pixels_differing: number;
  };
}

interface RecordedRun {
  readonly name: string;
  readonly options: {
    readonly epochs: number;
    readonly lr: number;
    readonly momentum?: number;
    readonly weight_decay?: number;
    readonly alpha?: number;
    readonly layers?: readonly number[];
    readonly threshold?: number;
    readonly flips?: boolean;
    readonly scales?: readonly number[];
  };
  readonly images: readonly RecordedImage[];
  readonly metrics: RecordedMetrics;
}

interface SequenceCase extends GoldenModelCase {
  readonly alpha: number;
  readonly images_in_processing_order: readonly string[];
  readonly ground_truth_in_processing_order: readonly string[];
  readonly runs: readonly RecordedRun[];
}

interface ComputedImage {
  readonly losses: readonly number[];
  readonly keptPixels: number;
  readonly pseudoLabels: Uint8Array;
  readonly lowResolution: Float32Array;
  readonly scores: Float32Array;
  readonly predicted: Uint8Array;
  readonly trained: readonly string[];
}

const golden = readCase<SequenceCase>(FOLDER);
const recorded = readFixtureTensors(`${FIXTURES}${FOLDER}/tensors.safetensors`);
/** The fixtures' floor for metrics, which have no measured differences here. */
const METRIC_TOLERANCE = 1e-4;

let model: SegmentationModel;

beforeAll(async () => {
  model = await goldenModel(onnxRuntime, FOLDER, golden, golden.alpha);
});

describe.each(golden.runs)("two images in sequence, $name", (run) => {
  const order = golden.images_in_processing_order.map((name, index): [string, number] => [name, index]);
  let computed: ComputedImage[];

  beforeAll(async () => {
    const { alpha } = run.options;
    const used = alpha === undefined ? model : await goldenModel(onnxRuntime, FOLDER, golden, alpha);
    const fitting = new Map<number, ComputedImage>();
    const fallback = await closestRounding(
      used,
      () => adaptAll(used, run, (index) => !fitting.has(index)),
      (images) => {
        for (const [index, image] of images) {
          if (!fitting.has(index) && isWithinLimits(image, at(run.images, index))) fitting.set(index, image);
        }
        return fitting.size === order.length;
      },
    );
    computed = order.flatMap(([, index]) => fitting.get(index) ?? fallback.get(index) ?? []);
    expect(computed).toHaveLength(order.length);
    if (used !== model) await used.dispose();
  });

  it.each(order)("%s: losses", (_, index) => {
    const { losses, suggested_tolerance: tolerance } = at(run.images, index);
    const found = at(computed, index).losses;
    expect(found).toHaveLength(losses.length);
    const beyond = losses.flatMap((loss, iteration) => {
      const difference = Math.abs(at(found, iteration) - loss);
      return difference < at(tolerance.loss_abs, iteration) ? [] : [`iteration ${iteration}: ${difference}`];
    });
    expect(beyond).toEqual([]);
  });

  it.each(order)("%s: pseudo-labels", async (_, index) => {
    const { pseudo_labels: name, valid_pixels, suggested_tolerance: tolerance } = at(run.images, index);
    const { pseudoLabels, keptPixels } = at(computed, index);
    const { data } = await decodeLabelMap(`${FIXTURES}${FOLDER}/${name}`);
    expect(countDiffering(pseudoLabels, data)).toBeLessThanOrEqual(tolerance.pseudo_label_pixels_differing);
    expect(Math.abs(keptPixels - valid_pixels)).toBeLessThanOrEqual(tolerance.pseudo_label_pixels_differing);
  });

  it.each(order)("%s: final logits and labels", async (_, index) => {
    const { final_lowres_logits: name, prediction, suggested_tolerance: tolerance } = at(run.images, index);
    const { lowResolution, predicted } = at(computed, index);
    const { largest, rms } = differenceOf(lowResolution, recorded(name).data);
    expect(largest).toBeLessThan(tolerance.final_lowres_logits_max_abs);
    expect(rms).toBeLessThan(tolerance.final_lowres_logits_rms);
    const { data } = await decodeLabelMap(`${FIXTURES}${FOLDER}/${prediction}`);
    expect(countDiffering(predicted, data)).toBeLessThanOrEqual(tolerance.argmax_pixels_differing);
  });

  it.each(order)("%s: as many trained parameters", (_, index) => {
    expect(at(computed, index).trained).toHaveLength(at(run.images, index).trained_keys);
  });

  it("metrics of both images together", async () => {
    const trainIds = labelIdToTrainId("cityscapes", 19);
    const images: EvaluatedImage[] = [];
    for (const [index, { scores, predicted }] of computed.entries()) {
      const name = at(golden.ground_truth_in_processing_order, index);
      const { data } = await decodeLabelMap(`${FIXTURES}${FOLDER}/${name}`);
      images.push({ scores, predicted, labels: data.map((id) => trainIds[id] ?? 255) });
    }
    const pixels = run.images.map(({ suggested_tolerance: tolerance }) => tolerance.argmax_pixels_differing);
    expectRecordedMetrics(images, run.metrics, {
      argmax_pixels_differing: pixels.reduce((sum, count) => sum + count, 0),
      mean_iou: METRIC_TOLERANCE,
      ece: METRIC_TOLERANCE,
    });
  });
});

/** Whether what rounding can move, losses and logits, is as close as the record asks for. */
function isWithinLimits(found: ComputedImage, recordedImage: RecordedImage): boolean {
  const { losses, final_lowres_logits: name, suggested_tolerance: tolerance } = recordedImage;
  const { largest, rms } = differenceOf(found.lowResolution, recorded(name).data);
  return (
    losses.every((loss, k) => Math.abs(at(found.losses, k) - loss) < at(tolerance.loss_abs, k)) &&
    largest < tolerance.final_lowres_logits_max_abs &&
    rms < tolerance.final_lowres_logits_rms
  );
}

/** By index, the needed images, and those before them whose velocities they start with. */
async function adaptAll(
  used: SegmentationModel,
  run: RecordedRun,
  isNeeded: (index: number) => boolean,
): Promise<Map<number, ComputedImage>> {
  const config = configOf(run.options);
  const computed = new Map<number, ComputedImage>();
  const names = golden.images_in_processing_order;
  const last = names.findLastIndex((_, index) => isNeeded(index));
  let velocities: Velocities = new Map();
  for (const [index, name] of names.slice(0, last + 1).entries()) {
    if (config.momentum === 0 && !isNeeded(index)) continue; // it hands nothing on
    const image = await decodeImage(`${FIXTURES}${FOLDER}/${name}`);
    const { prediction, pseudoLabel, losses, weights } = await selfAdapt(used, image, config, { velocities });
    velocities = weights.takeVelocities();
    computed.set(index, {
      losses,
      keptPixels: pseudoLabel.keptPixels,
      pseudoLabels: pseudoLabel.labels.data,
      lowResolution: prediction.lowResolution ?? new Float32Array(),
      scores: prediction.scores,
      predicted: argmaxLabels(prediction.scores, golden.num_classes, image.height, image.width).data,
      trained: [...weights.tensors.keys()].filter(
        (key) => !key.includes(".running_") && weights.tensors.get(key) !== used.base.get(key),
      ),
    });
    weights.dispose();
  }
  for (const velocity of velocities.values()) velocity.dispose();
  return computed;
}

/** The published recipe, except for what a run says. */
function configOf(options: RecordedRun["options"]): AdaptationConfig {
  const { epochs, lr, momentum, weight_decay: weightDecay, layers, threshold, flips, scales } = options;
  return adaptationConfigSchema.parse({
    numEpochs: epochs,
    baseLr: lr,
    momentum,
    weightDecay,
    resnetLayers: layers,
    threshold,
    flips,
    scales,
  });
}

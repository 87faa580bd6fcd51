// Monte-Carlo dropout: the mean over several passes with random elements left out, and how much the passes differ.
import { AppError, BugError } from "../../../../src-shared/contract/errors.ts";
import { type Graph, graphOf } from "../../graph/graph.ts";
import { at } from "../../graph/node.ts";
import { add } from "../../graph/ops/add.ts";
import { div } from "../../graph/ops/div.ts";
import { input } from "../../graph/ops/input.ts";
import { mul } from "../../graph/ops/mul.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import { softmax } from "../../graph/ops/softmax.ts";
import { sub } from "../../graph/ops/sub.ts";
import type { Shape } from "../../graph/types.ts";
import { limitSize } from "../../images/limit-size.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import { type Architecture, forward, modelName } from "../../models/architecture.ts";
import { type DropoutMask, type DropoutPlaces, GraphScope } from "../../models/model-scope.ts";
import type { DeviceTensor } from "../../runtimes/runtime.ts";
import { stopIfCancelled } from "../shared/cancellation.ts";
import { type DropoutMasks, seededMasks, uploadMasks } from "../shared/dropout-masks.ts";
import { requireFinite } from "../shared/require-finite.ts";
import type { RunOptions } from "../shared/run-options.ts";
import { outputOf, type SegmentationModel } from "../shared/segmentation-model.ts";
import { floats, type Prediction } from "./predict.ts";

export interface DropoutSettings {
  /** Passes; the original's helper takes 10. */
  readonly samples: number;
  readonly seed: number;
  /** Whether the network is one with dropout behind every ReLU (`--dropout`), not only in layers of its own. */
  readonly everyRelu: boolean;
  /** In place of random masks of the seed. */
  readonly masks?: DropoutMasks;
}

export interface DropoutPrediction extends Prediction {
  /** float32 [1, K, H, W] like the mean in `scores`: unbiased variance of the probabilities over the passes; NaN for one. */
  readonly variance: Float32Array;
}

/**
 * Predicts one image by the mean probabilities of several evaluation passes in which dropout is active; normalisation is
 * that of plain inference. Source: spec "6.3 MC-Dropout helper".
 *
 * @throws AppError `input.option` for a network without dropout, whose passes would all be the same
 * @throws AppError `method.diverged` when a probability is NaN
 * @throws CancelledError between passes, when the signal says so
 */
export async function predictWithDropout(
  model: SegmentationModel,
  image: RgbImage,
  settings: DropoutSettings,
  options: RunOptions = {},
): Promise<DropoutPrediction> {
  const { samples } = settings;
  if (!Number.isInteger(samples) || samples < 1) throw new BugError(`${samples} is no number of passes`);
  requireDropout(model.architecture, settings.everyRelu);
  const started = performance.now();
  const pixels = model.upload(limitSize(image));
  try {
    const { mean, squares } = await accumulate(model, pixels, [image.height, image.width], settings, options);
    requireFinite(mean, model);
    options.onEvent?.({ type: "predictionFinished", elapsedMs: performance.now() - started });
    return { scores: mean, lowResolution: null, variance: squares.map((sum) => sum / (samples - 1)) };
  } finally {
    pixels.dispose();
  }
}

/** Over the passes: mean of the probabilities, and sum of their squared distances from it. */
interface Accumulated {
  readonly mean: Float32Array;
  readonly squares: Float32Array;
}

async function accumulate(
  model: SegmentationModel,
  pixels: DeviceTensor,
  nativeSize: readonly [number, number],
  { samples, seed, everyRelu, masks = seededMasks(seed) }: DropoutSettings,
  { signal }: RunOptions,
): Promise<Accumulated> {
  const { runtime, architecture, programs } = model;
  const places = everyRelu ? "everyRelu" : "ownLayers";
  const wanted = masksOf(architecture, pixels.shape, places);
  const key = `dropout ${places} ${pixels.shape} ${nativeSize}`;
  const program = await programs.get(key, () => passGraph(model, pixels.shape, nativeSize, places));
  const shape = [1, architecture.numClasses, ...nativeSize];
  const zeros = () => runtime.upload(new Float32Array(shape.reduce((product, size) => product * size, 1)), shape);
  let state = new Map([
    ["mean", zeros()],
    ["squares", zeros()],
  ]);
  try {
    for (let pass = 0; pass < samples; pass += 1) {
      stopIfCancelled(signal);
      const given = new Map([
        ["image", pixels],
        ["count", runtime.upload(Float32Array.of(pass + 1), [])],
        ...uploadMasks(runtime, wanted, masks, pass * wanted.size),
      ]);
      const next = await program.run(new Map([...model.base, ...state, ...given]));
      given.delete("image");
      for (const tensor of [...given.values(), ...state.values()]) tensor.dispose();
      state = next;
    }
    return { mean: await floats(outputOf(state, "mean")), squares: await floats(outputOf(state, "squares")) };
  } finally {
    for (const tensor of state.values()) tensor.dispose();
  }
}

/** @throws AppError `input.option` for a network without dropout, whose passes would all be the same */
export function requireDropout(architecture: Architecture, everyRelu: boolean): void {
  const side = architecture.smallestSide;
  if (masksOf(architecture, [1, 3, side, side], everyRelu ? "everyRelu" : "ownLayers").size > 0) return;
  throw new AppError(
    "input.option",
    `A ${modelName(architecture)} has no dropout layers of its own, so that all passes of MC dropout would be the same; ` +
      "say that it was trained with dropout behind every ReLU (--dropout), if it was, or choose another method.",
  );
}

function masksOf(
  architecture: Architecture,
  imageShape: Shape,
  dropout: DropoutPlaces,
): ReadonlyMap<string, DropoutMask> {
  const scope = new GraphScope(architecture.normalization, { statistics: "running", dropout });
  forward(architecture, scope, input("image", imageShape));
  return scope.masks;
}

/** One pass, taken into mean and sum of squares (Welford 1962): `mean`, `squares` and `count`, this pass included. */
function passGraph(
  model: SegmentationModel,
  imageShape: Shape,
  nativeSize: readonly [number, number],
  places: DropoutPlaces,
): Graph {
  const { alignCorners, numClasses } = model.architecture;
  const { logits: low } = forward(model.architecture, model.evaluationScope(places), input("image", imageShape));
  const logits = resizeBilinear(low, [at(imageShape, 2), at(imageShape, 3)], alignCorners);
  const probabilities = resizeBilinear(softmax(logits, 1), nativeSize, false);
  const shape = [1, numClasses, ...nativeSize];
  const [mean, squares] = [input("mean", shape), input("squares", shape)];
  const distance = sub(probabilities, mean);
  const newMean = add(mean, div(distance, input("count", [])));
  return graphOf({ mean: newMean, squares: add(squares, mul(distance, sub(probabilities, newMean))) });
}

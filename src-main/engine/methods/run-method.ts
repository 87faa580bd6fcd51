// Any method on one image, as a run's parameters say: whole or in windows; its predictions go to the keeper.
import type { AdaptationConfig } from "../../../src-shared/contract/adaptation-config.ts";
import type { RunMethod } from "../../../src-shared/contract/workbench/runs.ts";
import type { RgbImage } from "../images/rgb-image.ts";
import { predict } from "./inference/predict.ts";
import type { AdaptedWeights } from "./self-adaptation/adapted-weights.ts";
import type { PseudoLabel } from "./self-adaptation/pseudo-label.ts";
import { type AdaptationOptions, selfAdapt, selfAdaptInWindows } from "./self-adaptation/self-adapt.ts";
import type { ResultKeeper } from "./shared/run-options.ts";
import type { SegmentationModel } from "./shared/segmentation-model.ts";
import { fuseInWindows } from "./sliding-window/fuse-in-windows.ts";
import { predictInWindows } from "./sliding-window/predict-in-windows.ts";
import { type SlidingWindow, slidingWindowOf } from "./sliding-window/window-grid.ts";
import { testTimeAugmentation } from "./test-time-augmentation/test-time-augmentation.ts";

/** A method ignores the parameters it does not have. */
export type MethodConfig = AdaptationConfig & { readonly method: RunMethod };

export type MethodOptions = AdaptationOptions & { readonly keeper: ResultKeeper };

export interface FinishedMethod {
  /** One an iteration; empty unless adapted. */
  readonly losses: readonly number[];
  readonly pseudoLabel: PseudoLabel | null;
  /** The adapted ones, of which the caller disposes; null for a method that leaves them as they are. */
  readonly weights: AdaptedWeights | null;
}

const UNCHANGED: FinishedMethod = { losses: [], pseudoLabel: null, weights: null };

/**
 * @throws AppError `input.option` for a window that can't slide; what the method throws
 * @throws CancelledError between steps and windows
 */
export async function runMethod(
  model: SegmentationModel,
  image: RgbImage,
  config: MethodConfig,
  options: MethodOptions,
): Promise<FinishedMethod> {
  const window = slidingWindowOf(config);
  switch (config.method) {
    case "predict":
      if (window === null) await predict(model, image, options);
      else await predictLast(model, image, window, options);
      return UNCHANGED;
    case "tta":
      if (window === null) await testTimeAugmentation(model, image, config, options);
      else await fuseLast(model, image, config, window, options);
      return UNCHANGED;
    case "adapt":
      return window === null
        ? selfAdapt(model, image, config, options)
        : selfAdaptInWindows(model, image, config, window, options);
  }
}

async function predictLast(
  model: SegmentationModel,
  image: RgbImage,
  window: SlidingWindow,
  options: MethodOptions,
): Promise<void> {
  const started = performance.now();
  await options.keeper.prediction(0, predictInWindows(model, image, window, options), "logits");
  options.onEvent?.({ type: "predictionFinished", elapsedMs: performance.now() - started });
}

async function fuseLast(
  model: SegmentationModel,
  image: RgbImage,
  config: AdaptationConfig,
  window: SlidingWindow,
  options: MethodOptions,
): Promise<void> {
  const { keeper } = options;
  if (keeper.keeps(0)) await keeper.prediction(0, predictInWindows(model, image, window, options), "logits");
  const started = performance.now();
  await keeper.prediction(1, fuseInWindows(model, image, config, window, options), "probabilities");
  options.onEvent?.({ type: "predictionFinished", elapsedMs: performance.now() - started });
}

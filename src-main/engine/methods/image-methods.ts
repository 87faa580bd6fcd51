// The table of methods for single images: what each refuses before it begins, and what it does, whole or in windows.
import type { AdaptationConfig } from "../../../src-shared/contract/adaptation-config.ts";
import type { DropoutConfig, ImageMethod, ImageMethodConfig } from "../../../src-shared/contract/image-methods.ts";
import { cropImage } from "../images/crop.ts";
import type { RgbImage } from "../images/rgb-image.ts";
import { type ScoreBand, type ScoreBands, wholeBand } from "../images/score-bands.ts";
import type { Architecture } from "../models/architecture.ts";
import { hasManyScores, predict } from "./inference/predict.ts";
import { predictWithDropout, requireDropout } from "./inference/predict-with-dropout.ts";
import type { AdaptedWeights } from "./self-adaptation/adapted-weights.ts";
import type { PseudoLabel } from "./self-adaptation/pseudo-label.ts";
import { type AdaptationOptions, selfAdapt, selfAdaptInWindows } from "./self-adaptation/self-adapt.ts";
import type { ResultKeeper } from "./shared/run-options.ts";
import type { SegmentationModel } from "./shared/segmentation-model.ts";
import { fuseInWindows } from "./sliding-window/fuse-in-windows.ts";
import { predictBands, predictInWindows } from "./sliding-window/predict-in-windows.ts";
import { slide } from "./sliding-window/slide.ts";
import { slidingWindowOf } from "./sliding-window/window-grid.ts";
import { fuseFitted } from "./test-pipeline/fuse-fitted.ts";
import { fitBoxOf, predictFitted } from "./test-pipeline/predict-fitted.ts";
import { testTimeAugmentation } from "./test-time-augmentation/test-time-augmentation.ts";

export type MethodOptions = AdaptationOptions & { readonly keeper: ResultKeeper };

export interface FinishedMethod {
  /** One an iteration; empty unless adapted. */
  readonly losses: readonly number[];
  readonly pseudoLabel: PseudoLabel | null;
  /** The adapted ones, of which the caller disposes; null for a method that leaves them as they are. */
  readonly weights: AdaptedWeights | null;
}

/** Methods, so that the rules of one configuration fit where those of any are asked for. */
interface MethodRules<Config> {
  /** What no image can change. @throws AppError `input.option` */
  check?(architecture: Architecture, config: Config): void;
  /** Its predictions go to the keeper. @throws what is wrong with the image; CancelledError between steps and windows */
  run(model: SegmentationModel, image: RgbImage, config: Config, options: MethodOptions): Promise<FinishedMethod>;
}

type ConfigOf<M extends ImageMethod> = Extract<ImageMethodConfig, { readonly method: M }>;

const UNCHANGED: FinishedMethod = { losses: [], pseudoLabel: null, weights: null };

const RULES: { readonly [M in ImageMethod]: MethodRules<ConfigOf<M>> } = {
  predict: { run: runPrediction },
  tta: { run: runAugmentation },
  adapt: { run: runAdaptation },
  "mc-dropout": {
    check: (architecture, { dropout }) => requireDropout(architecture, dropout),
    run: runDropout,
  },
};

/**
 * Whether a method can be run at all: asked once, before the first image.
 *
 * @throws AppError `input.option` for a window that can't slide, or a network that the method does nothing with
 */
export function checkMethod(architecture: Architecture, config: ImageMethodConfig): void {
  slidingWindowOf(config);
  const rules: MethodRules<ImageMethodConfig> = RULES[config.method];
  rules.check?.(architecture, config);
}

/**
 * @throws AppError `input.option` for a window that can't slide; what the method throws
 * @throws CancelledError between steps and windows
 */
export function runMethod(
  model: SegmentationModel,
  image: RgbImage,
  config: ImageMethodConfig,
  options: MethodOptions,
): Promise<FinishedMethod> {
  const rules: MethodRules<ImageMethodConfig> = RULES[config.method];
  return rules.run(model, image, config, options);
}

async function runPrediction(
  model: SegmentationModel,
  image: RgbImage,
  config: ConfigOf<"predict">,
  options: MethodOptions,
): Promise<FinishedMethod> {
  const window = slidingWindowOf(config);
  const fit = fitBoxOf(config);
  if (fit !== null) await keepTimed(0, predictFitted(model, image, fit, window, options), "logits", options);
  else if (window === null && !hasManyScores(model, image)) await predict(model, image, options);
  else await keepTimed(0, predictBands(model, image, window, options), "logits", options);
  return UNCHANGED;
}

async function runAugmentation(
  model: SegmentationModel,
  image: RgbImage,
  config: ConfigOf<"tta">,
  options: MethodOptions,
): Promise<FinishedMethod> {
  const window = slidingWindowOf(config);
  const fit = fitBoxOf(config);
  if (fit !== null) {
    const { keeper } = options;
    if (keeper.keeps(0)) await keeper.prediction(0, predictFitted(model, image, fit, window, options), "logits");
    await keepTimed(1, fusedBand(model, image, config, options), "probabilities", options);
    return UNCHANGED;
  }
  if (window === null) {
    await testTimeAugmentation(model, image, config, options);
    return UNCHANGED;
  }
  const { keeper } = options;
  if (keeper.keeps(0)) await keeper.prediction(0, predictInWindows(model, image, window, options), "logits");
  await keepTimed(1, fuseInWindows(model, image, config, window, options), "probabilities", options);
  return UNCHANGED;
}

/** Of views in boxes, all rows at once. */
async function* fusedBand(
  model: SegmentationModel,
  image: RgbImage,
  config: ConfigOf<"tta">,
  options: MethodOptions,
): AsyncGenerator<ScoreBand, void, undefined> {
  const fit = fitBoxOf(config) ?? [image.height, image.width];
  const scores = await fuseFitted(model, image, fit, config, slidingWindowOf(config), options);
  yield { top: 0, height: image.height, scores };
}

async function runAdaptation(
  model: SegmentationModel,
  image: RgbImage,
  config: AdaptationConfig,
  options: MethodOptions,
): Promise<FinishedMethod> {
  const window = slidingWindowOf(config);
  return window === null
    ? selfAdapt(model, image, config, options)
    : selfAdaptInWindows(model, image, config, window, options);
}

/** Its scores are logarithms of the mean probabilities, so that softmax gives these back. */
async function runDropout(
  model: SegmentationModel,
  image: RgbImage,
  config: DropoutConfig,
  options: MethodOptions,
): Promise<FinishedMethod> {
  const settings = { samples: config.passes, seed: config.seed, everyRelu: config.dropout };
  const { signal } = options;
  const passes = async (part: RgbImage): Promise<Float32Array> =>
    (await predictWithDropout(model, part, settings, signal === undefined ? {} : { signal })).scores;
  const window = slidingWindowOf(config);
  const size = { numClasses: model.architecture.numClasses, width: image.width, height: image.height };
  const bands: ScoreBands =
    window === null
      ? wholeBand(await passes(image), image.height)
      : slide(size, window, (box) => passes(cropImage(image, box)), options);
  await keepTimed(0, logarithms(bands), "logits", options);
  return UNCHANGED;
}

async function* logarithms(bands: ScoreBands): AsyncGenerator<ScoreBand, void, undefined> {
  for await (const band of bands) yield { ...band, scores: band.scores.map(Math.log) };
}

async function keepTimed(
  iteration: number,
  bands: ScoreBands,
  kind: "logits" | "probabilities",
  { keeper, onEvent }: MethodOptions,
): Promise<void> {
  const started = performance.now();
  await keeper.prediction(iteration, bands, kind);
  onEvent?.({ type: "predictionFinished", elapsedMs: performance.now() - started });
}

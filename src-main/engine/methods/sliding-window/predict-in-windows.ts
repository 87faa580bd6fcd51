// Plain inference window by window, at the image's full resolution.

import { cropImage } from "../../images/crop.ts";
import { limitSize } from "../../images/limit-size.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import type { ScoreBand } from "../../images/score-bands.ts";
import type { NamedTensors } from "../../runtimes/runtime.ts";
import { predictBandsWith, predictWith } from "../inference/predict.ts";
import type { RunOptions } from "../shared/run-options.ts";
import type { SegmentationModel } from "../shared/segmentation-model.ts";
import { slide } from "./slide.ts";
import { type SlidingWindow, windowCount, windowGrid } from "./window-grid.ts";

/** The weights to predict with, where they are not the model's, and the alphas of their normalisation layers. */
export interface GivenWeights {
  readonly weights?: NamedTensors;
  readonly alphas?: readonly number[];
}

/**
 * Logits at every pixel, averaged where windows overlap. Each window is an image of its own: normalisation layers with an
 * alpha above 0 take its statistics, not those of the whole image.
 *
 * @throws AppError `method.diverged` when a logit is NaN or infinite
 * @throws CancelledError between windows
 */
export function predictInWindows(
  model: SegmentationModel,
  image: RgbImage,
  window: SlidingWindow,
  options: RunOptions,
  given: GivenWeights = {},
): AsyncGenerator<ScoreBand, void, undefined> {
  const windows = windowCount(windowGrid(image, window));
  let index = 0;
  return slideNetwork(model, image, window, options, given, () => {
    options.onEvent?.({ type: "windowFinished", index, windows });
    index += 1;
  });
}

/** Logits at the image's own size: in windows, or of the whole image, reduced where it is large. */
export async function* predictBands(
  model: SegmentationModel,
  image: RgbImage,
  window: SlidingWindow | null,
  options: RunOptions,
  given: GivenWeights = {},
): AsyncGenerator<ScoreBand, void, undefined> {
  if (window !== null) {
    yield* predictInWindows(model, image, window, options, given);
    return;
  }
  const { weights = model.base, alphas = [] } = given;
  const pixels = model.upload(limitSize(image));
  try {
    yield* predictBandsWith(model, pixels, [image.height, image.width], weights, options, alphas);
  } finally {
    pixels.dispose();
  }
}

/** The same for a part of a prediction, which counts its windows itself. */
export function slideNetwork(
  model: SegmentationModel,
  image: RgbImage,
  window: SlidingWindow,
  options: RunOptions,
  { weights = model.base, alphas = [] }: GivenWeights,
  onWindow: () => void,
): AsyncGenerator<ScoreBand, void, undefined> {
  const { numClasses } = model.architecture;
  const { height, width } = image;
  return slide(
    { numClasses, height, width },
    window,
    async (box) => {
      const pixels = model.upload(cropImage(image, box));
      try {
        return (await predictWith(model, pixels, [box.height, box.width], weights, options, alphas)).scores;
      } finally {
        pixels.dispose();
      }
    },
    { signal: options.signal, onWindow },
  );
}

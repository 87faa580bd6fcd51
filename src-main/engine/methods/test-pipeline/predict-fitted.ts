// Prediction as mmsegmentation's test pipeline does it: the image fitted into a box as OpenCV resizes, whole or in windows, its logits
// enlarged twice, to the network's input and to the image. Source: spec of EBDA, "6. Segmentor wrapper" and "10.3 Pipelines".
import { keepRatioSize, resizeBilinearOpenCv } from "../../images/resize-opencv.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import { joinBands, type ScoreBand } from "../../images/score-bands.ts";
import { floats, predictWith } from "../inference/predict.ts";
import type { RunOptions } from "../shared/run-options.ts";
import type { SegmentationModel } from "../shared/segmentation-model.ts";
import { type GivenWeights, slideNetwork } from "../sliding-window/predict-in-windows.ts";
import { type SlidingWindow, windowCount, windowGrid } from "../sliding-window/window-grid.ts";

/** Height and width of the box; the image keeps its proportions. */
export type FitBox = readonly [height: number, width: number];

/** @returns null where the image is not fitted into a box. */
export function fitBoxOf({ fit }: { readonly fit: readonly number[] }): FitBox | null {
  const [height, width] = fit;
  return height === undefined || width === undefined ? null : [height, width];
}

/** As it is seen by the network. */
export function fittedInto(image: RgbImage, [height, width]: FitBox): RgbImage {
  return resizeBilinearOpenCv(image, keepRatioSize(image, { width, height }));
}

/**
 * Logits at every pixel of the image.
 *
 * @throws AppError `method.diverged` when a logit is NaN or infinite
 * @throws CancelledError between windows
 */
export async function* predictFitted(
  model: SegmentationModel,
  image: RgbImage,
  fit: FitBox,
  window: SlidingWindow | null,
  options: RunOptions,
  given: GivenWeights = {},
): AsyncGenerator<ScoreBand, void, undefined> {
  const fitted = fittedInto(image, fit);
  const windows = window === null ? 0 : windowCount(windowGrid(fitted, window));
  let index = 0;
  const scores = await fittedLogits(model, fitted, image, window, options, given, () => {
    options.onEvent?.({ type: "windowFinished", index, windows });
    index += 1;
  });
  yield { top: 0, height: image.height, scores };
}

/**
 * The same of an image that is fitted already.
 *
 * @param native    whose size the logits are given in
 * @param onWindow  hears of each finished window
 * @returns         float32 [1, K, H, W]
 */
export async function fittedLogits(
  model: SegmentationModel,
  fitted: RgbImage,
  native: Pick<RgbImage, "height" | "width">,
  window: SlidingWindow | null,
  options: RunOptions,
  given: GivenWeights = {},
  onWindow: () => void = () => undefined,
): Promise<Float32Array> {
  const size: [number, number] = [native.height, native.width];
  if (window === null) {
    const { weights = model.base, alphas = [] } = given;
    const pixels = model.upload(fitted);
    try {
      return (await predictWith(model, pixels, size, weights, options, alphas)).scores;
    } finally {
      pixels.dispose();
    }
  }
  const { height, width } = fitted;
  const { numClasses } = model.architecture;
  const bands = slideNetwork(model, fitted, window, options, given, onWindow);
  const joined = await joinBands(bands, { numClasses, height, width });
  if (height === native.height && width === native.width) return joined;
  const slid = model.runtime.upload(joined, [1, numClasses, height, width]);
  const enlarged = await model.enlarge(slid, [height, width], size).finally(() => slid.dispose());
  return floats(enlarged).finally(() => enlarged.dispose());
}

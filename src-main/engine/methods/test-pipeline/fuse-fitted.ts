// Flips and several scales as mmsegmentation's test pipeline averages them: each view fitted into a box of its own.
import { flipHorizontal } from "../../images/flip-horizontal.ts";
import { grayscale } from "../../images/grayscale.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import { softmaxInPlace } from "../../images/softmax-in-place.ts";
import type { ViewOptions } from "../../images/views.ts";
import type { RunOptions } from "../shared/run-options.ts";
import type { SegmentationModel } from "../shared/segmentation-model.ts";
import { type SlidingWindow, windowCount, windowGrid } from "../sliding-window/window-grid.ts";
import { type FitBox, fittedInto, fittedLogits } from "./predict-fitted.ts";

interface FittedView {
  readonly scale: number;
  readonly flipped: boolean;
  readonly gray: boolean;
  readonly image: RgbImage;
}

/**
 * The mean of the views' probabilities: of each scale the image fitted into so many times the box, and, where views are mirrored
 * or grey, a second one that is; logits at the image's size, softmax, mirrored back. Source: mmcv 1.x, `MultiScaleFlipAug`;
 * mmsegmentation, `EncoderDecoder.inference` and `aug_test`.
 *
 * @returns float32 [1, K, H, W]
 * @throws AppError `method.diverged` when a logit is NaN or infinite
 * @throws CancelledError between views and windows
 */
export async function fuseFitted(
  model: SegmentationModel,
  image: RgbImage,
  fit: FitBox,
  viewOptions: ViewOptions,
  window: SlidingWindow | null,
  options: RunOptions,
): Promise<Float32Array> {
  const { height, width } = image;
  const views = fittedViews(image, fit, viewOptions);
  const windows =
    window === null ? 0 : views.reduce((sum, view) => sum + windowCount(windowGrid(view.image, window)), 0);
  let windowIndex = 0;
  const onWindow = (): void => {
    options.onEvent?.({ type: "windowFinished", index: windowIndex, windows });
    windowIndex += 1;
  };
  const sum = new Float32Array(model.architecture.numClasses * height * width);
  for (const [index, { scale, flipped, gray, image: seen }] of views.entries()) {
    const started = performance.now();
    const scores = await fittedLogits(model, seen, image, window, options, {}, onWindow);
    softmaxInPlace(scores, model.architecture.numClasses);
    addUpright(sum, scores, width, flipped);
    const elapsedMs = performance.now() - started;
    options.onEvent?.({ type: "viewFinished", index, count: views.length, scale, flipped, gray, elapsedMs });
  }
  for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] as number) / views.length;
  return sum;
}

function fittedViews(image: RgbImage, [height, width]: FitBox, { scales, flips, grayscale: grays }: ViewOptions) {
  return scales.flatMap((scale): FittedView[] => {
    const fitted = fittedInto(image, [Math.trunc(height * scale), Math.trunc(width * scale)]);
    const view = { scale, flipped: false, gray: false, image: fitted };
    if (!flips && !grays) return [view];
    const mirrored = flips ? flipHorizontal(fitted) : fitted;
    return [view, { scale, flipped: flips, gray: grays, image: grays ? grayscale(mirrored) : mirrored }];
  });
}

function addUpright(sum: Float32Array, scores: Float32Array, width: number, isMirrored: boolean): void {
  for (let from = 0; from < scores.length; from += width) {
    if (isMirrored) scores.subarray(from, from + width).reverse();
    for (let i = from; i < from + width; i += 1) sum[i] = (sum[i] as number) + (scores[i] as number);
  }
}

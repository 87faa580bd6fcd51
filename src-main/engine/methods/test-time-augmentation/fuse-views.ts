// Fuses the predictions of augmented views of one image into one probability map.
import { graphOf } from "../../graph/graph.ts";
import { at, elementCount } from "../../graph/node.ts";
import { add } from "../../graph/ops/add.ts";
import { scalar } from "../../graph/ops/constant.ts";
import { div } from "../../graph/ops/div.ts";
import { input } from "../../graph/ops/input.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import { reverse } from "../../graph/ops/reverse.ts";
import { softmax } from "../../graph/ops/softmax.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import { augmentedViews, type View, type ViewOptions } from "../../images/views.ts";
import type { DeviceTensor } from "../../runtimes/runtime.ts";
import { stopIfCancelled } from "../shared/cancellation.ts";
import { requireFinite } from "../shared/require-finite.ts";
import type { RunOptions } from "../shared/run-options.ts";
import { outputOf, type SegmentationModel } from "../shared/segmentation-model.ts";
import { type ViewVote, voteOf } from "./view-votes.ts";

const WIDTH_AXIS = 3;

/**
 * Mean of the views' probabilities: each view alone through the network, softmax at its own size, mirrored back,
 * enlarged to the image with aligned corners. Source: spec "4.4 Fused probabilities".
 *
 * @param image   already reduced to the size limit
 * @param onVote  hears what each view says by itself
 * @returns      float32 [1, K, H, W], at every pixel summing to 1 up to rounding
 * @throws AppError `method.diverged` when a view's logit is NaN or infinite
 */
export async function fuseViews(
  model: SegmentationModel,
  image: RgbImage,
  viewOptions: ViewOptions,
  { onEvent, signal }: RunOptions,
  onVote?: (vote: ViewVote) => void,
): Promise<DeviceTensor> {
  const views = augmentedViews(image, viewOptions);
  const shape = [1, model.architecture.numClasses, image.height, image.width];
  let sum = model.runtime.upload(new Float32Array(elementCount(shape)), shape, true);
  try {
    for (const [index, view] of views.entries()) {
      stopIfCancelled(signal);
      const started = performance.now();
      const next = await addView(model, view, sum, index === views.length - 1 ? views.length : 1, onVote);
      sum.dispose();
      sum = next;
      const { scale, flipped, gray } = view;
      const elapsedMs = performance.now() - started;
      onEvent?.({ type: "viewFinished", index, count: views.length, scale, flipped, gray, elapsedMs });
    }
    return sum;
  } catch (error) {
    sum.dispose();
    throw error;
  }
}

/** @param divisor  what the sum is divided by: the number of views behind the last one, as PyTorch's mean does */
async function addView(
  model: SegmentationModel,
  view: View,
  sum: DeviceTensor,
  divisor: number,
  onVote: ((vote: ViewVote) => void) | undefined,
): Promise<DeviceTensor> {
  const pixels = model.upload(view.image);
  const low = await model.logits(pixels).finally(() => pixels.dispose());
  try {
    requireFinite((await low.read()) as Float32Array, model);
    onVote?.(await voteOf(low, view.flipped));
    return await added(model, view, low, sum, divisor);
  } finally {
    low.dispose();
  }
}

async function added(
  model: SegmentationModel,
  view: View,
  low: DeviceTensor,
  sum: DeviceTensor,
  divisor: number,
): Promise<DeviceTensor> {
  const size: [number, number] = [view.image.height, view.image.width];
  const key = `fuse ${low.shape} ${size} ${sum.shape} ${view.flipped} ${divisor}`;
  const program = await model.programs.get(key, () => {
    const partial = input("sum", sum.shape);
    const logits = resizeBilinear(input("lowResolution", low.shape), size, model.architecture.alignCorners);
    const probabilities = softmax(logits, 1);
    const upright = view.flipped ? reverse(probabilities, WIDTH_AXIS) : probabilities;
    const enlarged = resizeBilinear(upright, [at(sum.shape, 2), at(sum.shape, 3)], true);
    const total = add(partial, enlarged);
    return graphOf({ sum: divisor === 1 ? total : div(total, scalar(divisor)) });
  });
  const outputs = await program.run(
    new Map([
      ["sum", sum],
      ["lowResolution", low],
    ]),
  );
  return outputOf(outputs, "sum");
}

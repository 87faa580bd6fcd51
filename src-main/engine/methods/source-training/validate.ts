// How good the weights are on labelled images.

import type { LabelledImages } from "../../datasets/labelled-images.ts";
import { argmaxLabels } from "../../images/argmax.ts";
import { limitSize } from "../../images/limit-size.ts";
import { addToConfusionMatrix, emptyConfusionMatrix } from "../../metrics/confusion-matrix.ts";
import { type SegmentationScores, segmentationScores } from "../../metrics/iou.ts";
import type { NamedTensors } from "../../runtimes/runtime.ts";
import { predictWith } from "../inference/predict.ts";
import type { SegmentationModel } from "../shared/segmentation-model.ts";

/**
 * Scores of plain inference, one image at a time, pooled over all images. Source: spec "3. Source training", validation.
 *
 * @throws CancelledError between images, when the signal says so
 */
export async function validate(
  model: SegmentationModel,
  weights: NamedTensors,
  data: LabelledImages,
  signal?: AbortSignal,
): Promise<SegmentationScores> {
  const { numClasses } = model.architecture;
  const confusion = emptyConfusionMatrix(numClasses);
  for (let index = 0; index < data.count; index++) {
    const { image, labels } = await data.read(index);
    const pixels = model.upload(limitSize(image));
    const options = signal === undefined ? {} : { signal };
    const { scores } = await predictWith(model, pixels, [image.height, image.width], weights, options);
    pixels.dispose();
    const predicted = argmaxLabels(scores, numClasses, image.height, image.width);
    addToConfusionMatrix(confusion, labels.data, predicted.data);
  }
  return segmentationScores(confusion);
}

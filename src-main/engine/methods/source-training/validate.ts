// How good the weights are on labelled images, with each alpha of a grid.
import type { LabelledImages } from "../../datasets/labelled-images.ts";
import { graphOf } from "../../graph/graph.ts";
import { input } from "../../graph/ops/input.ts";
import { resizeBilinear } from "../../graph/ops/resize-bilinear.ts";
import { argmaxLabels } from "../../images/argmax.ts";
import { SIZE_LIMIT } from "../../images/limit-size.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";
import { addToConfusionMatrix, emptyConfusionMatrix } from "../../metrics/confusion-matrix.ts";
import { segmentationScores } from "../../metrics/iou.ts";
import type { DeviceTensor, NamedTensors } from "../../runtimes/runtime.ts";
import { predictWith } from "../inference/predict.ts";
import { outputOf, type SegmentationModel } from "../shared/segmentation-model.ts";
import { prefetched } from "./prefetched.ts";

export interface AlphaScore {
  readonly alpha: number;
  /** Mean IoU, 0..1; 0 when no pixel has a class. */
  readonly miou: number;
}

export interface ValidationOptions {
  readonly signal?: AbortSignal;
  /** Hears of each image, from 1. */
  readonly onImage?: (image: number) => void;
}

/** Images that are read while one is predicted. */
const READ_AHEAD = 2;

/**
 * Plain inference, one image at a time, mean IoU pooled over all of them. Source: spec "3. Source training", validation.
 *
 * @returns in the order of the alphas
 * @throws  CancelledError between predictions, when the signal says so
 */
export async function validate(
  model: SegmentationModel,
  weights: NamedTensors,
  data: LabelledImages,
  alphas: readonly number[],
  { signal, onImage }: ValidationOptions = {},
): Promise<AlphaScore[]> {
  const { numClasses } = model.architecture;
  const rows = alphas.map((alpha) => ({ alpha, confusion: emptyConfusionMatrix(numClasses) }));
  const places = Array.from({ length: data.count }, (_, place) => place);
  let images = 0;
  for await (const { image, labels } of prefetched(places, (place) => data.read(place), READ_AHEAD)) {
    const pixels = await uploadReduced(model, image);
    for (const { alpha, confusion } of rows) {
      const predicted = await predictAt(model, weights, pixels, image, alpha, signal);
      addToConfusionMatrix(confusion, labels.data, predicted.data);
    }
    pixels.dispose();
    images += 1;
    onImage?.(images);
  }
  return rows.map(({ alpha, confusion }) => {
    const { meanIou } = segmentationScores(confusion);
    return { alpha, miou: Number.isNaN(meanIou) ? 0 : meanIou };
  });
}

/** The classes of one image, with this alpha in every normalisation layer. */
export async function predictOne(
  model: SegmentationModel,
  weights: NamedTensors,
  image: RgbImage,
  alpha: number,
): Promise<LabelMap> {
  const pixels = await uploadReduced(model, image);
  const predicted = await predictAt(model, weights, pixels, image, alpha);
  pixels.dispose();
  return predicted;
}

async function predictAt(
  model: SegmentationModel,
  weights: NamedTensors,
  pixels: DeviceTensor,
  { width, height }: RgbImage,
  alpha: number,
  signal?: AbortSignal,
): Promise<LabelMap> {
  const options = signal === undefined ? {} : { signal };
  const { scores } = await predictWith(model, pixels, [height, width], withAlpha(model, weights, alpha), options);
  return argmaxLabels(scores, model.architecture.numClasses, height, width);
}

function withAlpha({ runtime }: SegmentationModel, weights: NamedTensors, alpha: number): NamedTensors {
  const value = runtime.upload(Float32Array.of(alpha), []);
  return new Map([...weights].map(([key, tensor]) => [key, key.endsWith(".alpha") ? value : tensor]));
}

/**
 * The image as network input. Above the size limit it is reduced as a tensor, without antialiasing, which is not what the
 * methods of a single image do. Source: spec "9. Gotchas", 20.
 */
async function uploadReduced(model: SegmentationModel, image: RgbImage): Promise<DeviceTensor> {
  const full = model.upload(image);
  const { width, height } = SIZE_LIMIT;
  if (image.width * image.height <= width * height) return full;
  const program = await model.programs.get(`reduce ${full.shape}`, () =>
    graphOf({ reduced: resizeBilinear(input("image", full.shape), [height, width], false) }),
  );
  const outputs = await program.run(new Map([["image", full]]));
  full.dispose();
  return outputOf(outputs, "reduced");
}

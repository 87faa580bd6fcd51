// How good the variants of a method's weights are on labelled images.
import type { VariantScore } from "../../../src-shared/contract/training/variant-score.ts";
import type { LabelledImages } from "../datasets/labelled-images.ts";
import { graphOf } from "../graph/graph.ts";
import { input } from "../graph/ops/input.ts";
import { resizeBilinear } from "../graph/ops/resize-bilinear.ts";
import { argmaxLabels } from "../images/argmax.ts";
import { SIZE_LIMIT } from "../images/limit-size.ts";
import type { LabelMap, RgbImage } from "../images/rgb-image.ts";
import { predictWith } from "../methods/inference/predict.ts";
import { outputOf, type SegmentationModel } from "../methods/shared/segmentation-model.ts";
import { addToConfusionMatrix, type ConfusionMatrix, emptyConfusionMatrix } from "../metrics/confusion-matrix.ts";
import { segmentationScores } from "../metrics/iou.ts";
import type { DeviceTensor } from "../runtimes/runtime.ts";
import { prefetched } from "./prefetched.ts";
import { isOneImage, leftOutWords, type OnLeftOut } from "./samples/without-bad-images.ts";
import type { EvaluatedVariant } from "./training-method.ts";

export interface ValidationOptions {
  readonly signal?: AbortSignal;
  /** Of the counts of all images, 0..1: the mean IoU over the classes that occur unless it is given. */
  readonly score?: (confusion: ConfusionMatrix) => number;
  /** Hears of each image, from 1. */
  readonly onImage?: (image: number) => void;
  /** Hears of each image that can't be used. */
  readonly onLeftOut?: OnLeftOut;
}

/** Images that are read while one is predicted. */
const READ_AHEAD = 2;

/**
 * Plain inference, one image at a time, mean IoU pooled over all of them. Source: spec "3. Source training", validation.
 *
 * @returns in the order of the variants; mean IoU 0 where no pixel has a class
 * @throws  CancelledError between predictions, when the signal says so
 */
export async function validate(
  variants: readonly EvaluatedVariant[],
  data: LabelledImages,
  numClasses: number,
  { signal, score = meanIou, onImage, onLeftOut }: ValidationOptions = {},
): Promise<VariantScore[]> {
  const rows = variants.map((variant) => ({ variant, confusion: emptyConfusionMatrix(numClasses) }));
  const places = Array.from({ length: data.count }, (_, place) => place);
  let images = 0;
  const read = (place: number) => data.read(place).catch((error: unknown) => leftOut(error, onLeftOut));
  for await (const found of prefetched(places, read, READ_AHEAD)) {
    images += 1;
    onImage?.(images);
    if (found === null) continue;
    const { image, labels } = found;
    const uploads = new UploadedImage(image);
    try {
      for (const { variant, confusion } of rows) {
        const predicted = await predictVariant(variant, uploads, signal);
        addToConfusionMatrix(confusion, labels.data, predicted.data);
      }
    } finally {
      uploads.dispose();
    }
  }
  return rows.map(({ variant: { name, value }, confusion }) => ({ name, value, miou: score(confusion) }));
}

/** 0 where no pixel has a class. */
function meanIou(confusion: ConfusionMatrix): number {
  const { meanIou: mean } = segmentationScores(confusion);
  return Number.isNaN(mean) ? 0 : mean;
}

/** Nothing, in place of an image that can't be used. */
function leftOut(error: unknown, onLeftOut: OnLeftOut | undefined): null {
  if (!isOneImage(error)) throw error;
  onLeftOut?.(leftOutWords(error));
  return null;
}

/** The classes of one image. */
export async function predictOne(variant: EvaluatedVariant, image: RgbImage): Promise<LabelMap> {
  const uploads = new UploadedImage(image);
  try {
    return await predictVariant(variant, uploads);
  } finally {
    uploads.dispose();
  }
}

async function predictVariant(
  { model, weights }: EvaluatedVariant,
  uploads: UploadedImage,
  signal?: AbortSignal,
): Promise<LabelMap> {
  const { width, height } = uploads.image;
  const options = signal === undefined ? {} : { signal };
  const { scores } = await predictWith(model, await uploads.of(model), [height, width], weights, options);
  return argmaxLabels(scores, model.architecture.numClasses, height, width);
}

/** An image as the input of networks, which variants of one network share. */
class UploadedImage {
  readonly image: RgbImage;
  readonly #tensors = new Map<SegmentationModel, DeviceTensor>();

  constructor(image: RgbImage) {
    this.image = image;
  }

  async of(model: SegmentationModel): Promise<DeviceTensor> {
    const known = this.#tensors.get(model) ?? (await uploadReduced(model, this.image));
    this.#tensors.set(model, known);
    return known;
  }

  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose();
  }
}

/**
 * The image as network input. Above the size limit it is reduced as a tensor, without antialiasing, which is not what the
 * methods of a single image do. Source: spec "9. Gotchas", 20.
 */
async function uploadReduced(model: SegmentationModel, image: RgbImage): Promise<DeviceTensor> {
  const full = model.upload(image);
  const { width, height } = SIZE_LIMIT;
  if (image.width * image.height <= width * height) return full;
  try {
    const program = await model.programs.get(`reduce ${full.shape}`, () =>
      graphOf({ reduced: resizeBilinear(input("image", full.shape), [height, width], false) }),
    );
    return outputOf(await program.run(new Map([["image", full]])), "reduced");
  } finally {
    full.dispose();
  }
}

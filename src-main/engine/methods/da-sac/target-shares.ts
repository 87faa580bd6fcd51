// Importance weights of a training's target: from their file, or counted over what the weights to begin with predict.
import { relative, sep } from "node:path";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { SourceImages } from "../../datasets/labelled-images.ts";
import { argmaxLabels } from "../../images/argmax.ts";
import type { ListedImages } from "../../training/data-source.ts";
import type { ClassShares } from "../../training/training-method.ts";
import { predict } from "../inference/predict.ts";
import type { SegmentationModel } from "../shared/segmentation-model.ts";
import { countWeights } from "./count-weights.ts";
import { classesNeverSeen, weightsOfImages } from "./importance-weights.ts";
import { readWeightsFile } from "./weights-file.ts";

/**
 * The weights of the target's images in their order.
 *
 * @param root  what the names of images are looked up below
 * @throws AppError `input.option` for weights of other images, and where the target is no folder; those of `readWeightsFile`
 */
export async function sharesFromFile(path: string, target: ListedImages, root: string): Promise<ClassShares[]> {
  if (target.kind !== "unlabelled") {
    throw new AppError(
      "input.option",
      `"${path}" holds weights of image files, and the target is drawn by the sample's generator; leave the weights out.`,
    );
  }
  const names = target.paths.map((image) => relative(root, image).split(sep).join("/"));
  return weightsOfImages(await readWeightsFile(path), names, path);
}

export interface CountingOptions {
  readonly signal?: AbortSignal;
  /** Called before each image with the number of those that are counted. */
  readonly onImage?: (done: number, images: number) => void;
}

export interface CountedShares {
  readonly shares: ClassShares[];
  /** Train ids that are predicted nowhere: for these all images are drawn alike. */
  readonly unseen: readonly number[];
}

/**
 * What the second step of DA-SAC makes of a baseline, without a file between. A class that is predicted nowhere, which would
 * stop the original, draws all images alike.
 *
 * @param model  of the weights to begin with
 * @throws CancelledError
 */
export async function countedShares(
  model: SegmentationModel,
  images: SourceImages,
  { signal, onImage }: CountingOptions = {},
): Promise<CountedShares> {
  const { numClasses } = model.architecture;
  const names = Array.from({ length: images.count }, (_, k) => String(k));
  const predicted = async (index: number) => {
    const { image } = await images.read(index);
    const { scores } = await predict(model, image, signal === undefined ? {} : { signal });
    return argmaxLabels(scores, numClasses, image.height, image.width);
  };
  const weights = await countWeights(
    names.map((name, k) => ({ path: name, name, predicted: () => predicted(k) })),
    numClasses,
    { ...(signal === undefined ? {} : { signal }), ...(onImage === undefined ? {} : { onImage }) },
  );
  const unseen = classesNeverSeen(weights, numClasses);
  const alike = unseen.map((id) => [id, 1 / images.count] as const);
  return { shares: [...weights.values()].map((shares) => new Map([...shares, ...alike])), unseen };
}

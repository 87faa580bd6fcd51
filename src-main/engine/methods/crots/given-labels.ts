// Labels of target images from anywhere, in place of a source model: class maps as PNG, or probabilities as .npy.
import { basename } from "node:path";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { IGNORE_LABEL } from "../../../../src-shared/labels/ignore-label.ts";
import { argmaxLabels } from "../../images/argmax.ts";
import { decodeLabelMap } from "../../images/decode-label-map.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";
import { softmaxInPlace } from "../../images/softmax-in-place.ts";
import type { TargetLabels } from "./predicted-labels.ts";
import { preparedLabels, type Size } from "./prepared.ts";
import { readNpy } from "./read-npy.ts";

/** Files that hold such labels. */
export const GIVEN_EXTENSIONS = [".png", ".npy"] as const;

/** Sides of a map may be those of the image or of the network, or in their ratio up to rounding. */
const RATIO_TOLERANCE = 0.02;

/**
 * @param image  that they are of: its ratio of sides is theirs
 * @param size   that the labels get
 * @throws AppError those of reading; `label.size` for labels of another image; `checkpoint.classes` for another number of classes
 */
export async function givenLabels(
  path: string,
  image: RgbImage,
  size: Size,
  numClasses: number,
): Promise<TargetLabels> {
  if (path.endsWith(".npy")) return softLabels(path, image, size, numClasses);
  const labels = await decodeLabelMap(path, "red");
  requireRatio(path, labels, image, size);
  const stranger = labels.data.find((id) => id >= numClasses && id !== IGNORE_LABEL);
  if (stranger !== undefined) {
    throw new AppError(
      "checkpoint.classes",
      `"${basename(path)}" has the class ${stranger}, and there are ${numClasses}; give train ids from 0 to ${numClasses - 1}, 255 where unknown.`,
    );
  }
  return { labels: preparedLabels(labels, size), confidence: null, entropy: null };
}

async function softLabels(path: string, image: RgbImage, size: Size, numClasses: number): Promise<TargetLabels> {
  const { shape, data } = await readNpy(path);
  const { classes, height, width, scores } = planesOf(path, shape, data, numClasses);
  requireRatio(path, { height, width }, image, size);
  const isDistribution = scores.every((value) => value >= 0 && value <= 1.001);
  const probabilities = isDistribution ? scores : softmaxInPlace(scores, classes);
  const plane = height * width;
  const confidence = new Float32Array(plane);
  let entropy = 0;
  for (let i = 0; i < plane; i += 1) {
    for (let at = i; at < probabilities.length; at += plane) {
      const p = probabilities[at] as number;
      confidence[i] = Math.max(confidence[i] as number, p);
      if (p > 0) entropy -= p * Math.log(p);
    }
  }
  const native = argmaxLabels(probabilities, classes, height, width);
  return {
    labels: preparedLabels(native, size),
    confidence: nearestOf(confidence, { height, width }, size),
    entropy: entropy / plane,
  };
}

/** [K, H, W], or with the classes last. */
function planesOf(path: string, shape: readonly number[], data: Float32Array, numClasses: number) {
  const [a = 0, b = 0, c = 0] = shape;
  if (shape.length === 3 && a === numClasses) return { classes: a, height: b, width: c, scores: data };
  if (shape.length === 3 && c === numClasses) {
    const scores = new Float32Array(data.length);
    for (let i = 0; i < a * b; i += 1) for (let k = 0; k < c; k += 1) scores[k * a * b + i] = data[i * c + k] as number;
    return { classes: c, height: a, width: b, scores };
  }
  throw new AppError(
    "checkpoint.classes",
    `"${basename(path)}" has the shape ${shape.join(" x ")}, in which no side is the ${numClasses} classes; give classes x height x width, or --num-classes.`,
  );
}

function requireRatio(
  path: string,
  { width, height }: Pick<LabelMap, "width" | "height">,
  image: Pick<RgbImage, "width" | "height">,
  [inputHeight, inputWidth]: Size,
): void {
  const isInput = width === inputWidth && height === inputHeight;
  const ratio = width / height / (image.width / image.height);
  if (isInput || Math.abs(ratio - 1) <= RATIO_TOLERANCE) return;
  throw new AppError(
    "label.size",
    `"${basename(path)}" is ${width} x ${height}, and its image ${image.width} x ${image.height}: they are of different images; give labels of these.`,
  );
}

function nearestOf(
  values: Float32Array,
  from: { readonly height: number; readonly width: number },
  [height, width]: Size,
) {
  if (from.height === height && from.width === width) return values;
  const out = new Float32Array(height * width);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(((y + 0.5) * from.height) / height) * from.width;
    for (let x = 0; x < width; x += 1)
      out[y * width + x] = values[row + Math.floor(((x + 0.5) * from.width) / width)] as number;
  }
  return out;
}

// The random changes of a training image and its labels, in the recipe's order.
import type { AugmentationConfig } from "../../../../src-shared/contract/training/source-training.ts";
import type { LabelledImage } from "../../datasets/labelled-images.ts";
import { flipHorizontal, flipLabelsHorizontal } from "../../images/flip-horizontal.ts";
import { gaussianBlur } from "../../images/gaussian-blur.ts";
import { grayscale } from "../../images/grayscale.ts";
import { jitterColors } from "../../images/jitter-colors.ts";
import { type CropBox, resizedCrop, resizedLabelCrop } from "../../images/resized-crop.ts";
import type { Random } from "../../random.ts";
import { type JitterStrength, randomJitter } from "../shared/draws.ts";

/** Width over height of a crop, before it is resized to the input size. */
const ASPECT: readonly [number, number] = [3 / 4, 4 / 3];
const CROP_TRIES = 10;
const JITTER: JitterStrength = { brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1 };

/**
 * Random resized crop, mirror, blur, colour jitter, grey. Source: spec "3. Source training", augmentation, steps 1 to 5.
 *
 * @param size  [height, width] of the result
 */
export function augment(
  { image, labels }: LabelledImage,
  [height, width]: readonly [number, number],
  config: AugmentationConfig,
  random: Random,
): LabelledImage {
  const box = randomCrop(image.width, image.height, config.cropArea, random);
  const cropped = {
    image: resizedCrop(image, box, width, height),
    labels: resizedLabelCrop(labels, box, width, height),
  };
  const mirrored =
    random.next() < config.flip
      ? { image: flipHorizontal(cropped.image), labels: flipLabelsHorizontal(cropped.labels) }
      : cropped;
  const blurred = gaussianBlur(mirrored.image, random.uniform(...config.blurRadius));
  const jittered = random.next() < config.jitter ? jitterColors(blurred, randomJitter(random, JITTER)) : blurred;
  return { image: random.next() < config.gray ? grayscale(jittered) : jittered, labels: mirrored.labels };
}

/** A box of random area, aspect and place; where ten tries do not fit, the largest central one of allowed aspect. */
export function randomCrop(width: number, height: number, area: readonly [number, number], random: Random): CropBox {
  for (let attempt = 0; attempt < CROP_TRIES; attempt++) {
    const pixels = width * height * random.uniform(...area);
    const aspect = Math.exp(random.uniform(Math.log(ASPECT[0]), Math.log(ASPECT[1])));
    const boxWidth = Math.round(Math.sqrt(pixels * aspect));
    const boxHeight = Math.round(Math.sqrt(pixels / aspect));
    if (boxWidth < 1 || boxWidth > width || boxHeight < 1 || boxHeight > height) continue;
    const top = random.integer(height - boxHeight + 1);
    return { top, left: random.integer(width - boxWidth + 1), width: boxWidth, height: boxHeight };
  }
  return centralCrop(width, height);
}

function centralCrop(width: number, height: number): CropBox {
  const boxWidth = Math.min(width, Math.round(height * ASPECT[1]));
  const boxHeight = Math.min(height, Math.round(width / ASPECT[0]));
  const top = Math.floor((height - boxHeight) / 2);
  return { top, left: Math.floor((width - boxWidth) / 2), width: boxWidth, height: boxHeight };
}

// Importance weights: how much of each class, as the baseline predicts it, lies in which target image.
import { basename } from "node:path";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { IGNORE_LABEL } from "../../../../src-shared/labels/ignore-label.ts";
import type { LabelMap } from "../../images/rgb-image.ts";

/** Of one image: the share of all pixels of a class that it has, by class; no entry for a class that it lacks. */
export type ClassShares = ReadonlyMap<number, number>;

/** By the name of the image's mask (see `maskNames`), in the order of the images. For each class the shares sum to 1. */
export type ImportanceWeights = ReadonlyMap<string, ClassShares>;

/** Pixels of each class that an image has, by class in rising order. */
export type ClassCounts = ReadonlyMap<number, number>;

/**
 * @param what  the file or image, for messages
 * @throws AppError `label.ids` for an id that is neither a class nor "ignored"
 */
export function classCounts(predicted: LabelMap, numClasses: number, what: string): ClassCounts {
  const pixels = new Array<number>(IGNORE_LABEL + 1).fill(0);
  for (const id of predicted.data) pixels[id] = (pixels[id] ?? 0) + 1;
  const present = [...pixels.entries()].filter(([id, count]) => count > 0 && id !== IGNORE_LABEL);
  const stranger = present.find(([id]) => id >= numClasses);
  if (stranger === undefined) return new Map(present);
  throw new AppError(
    "label.ids",
    `"${what}" holds the id ${stranger[0]}, which is no train id of ${numClasses} classes; name the predictions with ` +
      "train ids, not those with label ids.",
  );
}

/** Source: spec "6.1 Counting". */
export function importanceWeights(counts: ReadonlyMap<string, ClassCounts>): ImportanceWeights {
  const totals = new Map<number, number>();
  for (const ofImage of counts.values()) {
    for (const [id, count] of ofImage) totals.set(id, (totals.get(id) ?? 0) + count);
  }
  return new Map(
    [...counts].map(([name, ofImage]) => [
      name,
      new Map([...ofImage].map(([id, count]) => [id, count / (totals.get(id) ?? count)])),
    ]),
  );
}

/** Classes that no image has. */
export function classesNeverSeen(weights: ImportanceWeights, numClasses: number): number[] {
  const seen = new Set([...weights.values()].flatMap((shares) => [...shares.keys()]));
  return Array.from({ length: numClasses }, (_, id) => id).filter((id) => !seen.has(id));
}

const IMAGE_ENDING = /_leftImg8bit$/;

/**
 * What weights are kept under: the name of an image's mask, as the original has it, `x_gtFine_labelIds.png` for Cityscapes'
 * `x_leftImg8bit`. Images whose masks would have one name keep their folders in it.
 *
 * @param images  paths below one root, with slashes; extensions do not matter
 */
export function maskNames(images: readonly string[]): string[] {
  const names = images.map((image) => `${withoutExtension(image).replace(IMAGE_ENDING, "_gtFine_labelIds")}.png`);
  const timesOf = new Map<string, number>();
  for (const name of names) timesOf.set(basename(name), (timesOf.get(basename(name)) ?? 0) + 1);
  return names.map((name) => (timesOf.get(basename(name)) === 1 ? basename(name) : name));
}

/**
 * The weights of these images, in their order.
 *
 * @param file  for messages
 * @throws AppError `input.option` for weights of other images
 */
export function weightsOfImages(weights: ImportanceWeights, images: readonly string[], file: string): ClassShares[] {
  const advice = "make the weights of these images with `acclimate importance-weights`.";
  if (weights.size !== images.length) {
    throw new AppError(
      "input.option",
      `"${file}" holds weights of ${weights.size} images, and the target has ${images.length}; ${advice}`,
    );
  }
  return maskNames(images).map((name) => {
    const shares = weights.get(name);
    if (shares !== undefined) return shares;
    throw new AppError("input.option", `"${file}" is of other images: it has no weights of "${name}"; ${advice}`);
  });
}

function withoutExtension(path: string): string {
  return path.replace(/\.[^./]+$/, "");
}

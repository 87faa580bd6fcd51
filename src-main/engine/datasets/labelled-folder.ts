// A dataset as two folders: images/ and labels/, files of the same name belonging together.
import { readdir } from "node:fs/promises";
import { join, parse } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { IGNORE_LABEL } from "../../../src-shared/labels/ignore-label.ts";
import { inputErrorFrom } from "../files/read-input-file.ts";
import { decodeImage } from "../images/decode-image.ts";
import { decodeLabelMap } from "../images/decode-label-map.ts";
import type { LabelledImage, LabelledImages } from "./labelled-images.ts";

const IMAGE_EXTENSIONS: readonly string[] = [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"];

/**
 * The images of `root`/images with the train ids of `root`/labels (PNG), in the order of their names.
 *
 * @throws AppError `input.missing`, `input.unreadable` when a folder is not there or empty, or a label file is missing
 *         (at once); and those of the decoders, `label.size` and `label.ids` (when the image is read)
 */
export async function openLabelledFolder(root: string, numClasses: number): Promise<LabelledImages> {
  const images = (await filesOf(join(root, "images"))).filter((name) =>
    IMAGE_EXTENSIONS.includes(parse(name).ext.toLowerCase()),
  );
  if (images.length === 0) {
    throw new AppError("input.unreadable", `"${join(root, "images")}" holds no images; put PNG or JPEG files there.`);
  }
  const labels = new Set(await filesOf(join(root, "labels")));
  const pairs = images.map((name) => {
    const label = `${parse(name).name}.png`;
    if (labels.has(label)) return { image: join(root, "images", name), label: join(root, "labels", label) };
    throw new AppError(
      "input.missing",
      `"${join(root, "labels", label)}" is not there, the labels of "${name}"; add it.`,
    );
  });
  return {
    count: pairs.length,
    read: (index) => {
      const pair = pairs[index];
      if (pair === undefined) throw new RangeError(`image ${index} of ${pairs.length}`);
      return readPair(pair, numClasses);
    },
  };
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (cause) {
    throw inputErrorFrom(folder, cause);
  }
}

async function readPair(pair: { image: string; label: string }, numClasses: number): Promise<LabelledImage> {
  const [image, labels] = await Promise.all([decodeImage(pair.image), decodeLabelMap(pair.label)]);
  if (image.width !== labels.width || image.height !== labels.height) {
    throw new AppError(
      "label.size",
      `"${pair.label}" is ${labels.width} x ${labels.height}, its image ${image.width} x ${image.height}; ` +
        "labels and image have the same size.",
    );
  }
  const stranger = labels.data.find((id) => id >= numClasses && id !== IGNORE_LABEL);
  if (stranger !== undefined) {
    throw new AppError(
      "label.ids",
      `"${pair.label}" holds the id ${stranger}; training wants train ids 0 to ${numClasses - 1}, and 255 for "ignored".`,
    );
  }
  return { image, labels };
}

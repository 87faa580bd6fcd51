// Reads the label file of an item as train ids, whatever the data set's encoding: the one way in which labels are read.
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import type { DatasetEncoding } from "../../../src-shared/labels/dataset-tables.ts";
import type { ModelClasses } from "../../../src-shared/labels/label-sets.ts";
import { swapsSides, UPRIGHT, upright } from "../images/orientation.ts";
import { type ImageHeader, readImageHeader } from "../images/read-image-header.ts";
import { readLabelPixels } from "../images/read-label-pixels.ts";
import type { LabelMap } from "../images/rgb-image.ts";
import { type ClassList, classListFor, readClassList } from "./class-list.ts";
import { fromColors, fromIds, fromNamed, type ItemLabels } from "./label-values.ts";
import { decodePanopticLabels } from "./panoptic-labels.ts";
import { readPolygonLabels } from "./polygon-labels.ts";

/** What is needed of an item to read its labels. */
export interface LabelSource extends Pick<DatasetItem, "imagePath" | "labelPath" | "labelEncoding"> {
  /** A list of classes that somebody named; otherwise the one beside the label file is taken, where one is needed. */
  readonly classList?: string | undefined;
}

/**
 * Labels of the size of the upright image. A label file that has the size of the stored, lying image was drawn on that, and
 * is turned with it.
 *
 * @param model  the classes of the model that is scored or trained
 * @throws AppError `input.missing` for an item without labels; `label.size` when the two do not fit; those of readLabelFile,
 *         and about an image that can't be opened
 * @throws CancelledError
 */
export async function readLabels(source: LabelSource, model: ModelClasses, signal?: AbortSignal): Promise<ItemLabels> {
  const { imagePath, labelPath, labelEncoding, classList } = source;
  if (labelPath === null || labelEncoding === null) {
    throw new AppError("input.missing", `"${imagePath}" has no label file; choose an image that has one.`);
  }
  const read = await readLabelFile(labelPath, labelEncoding, model, { signal, classList, imagePath });
  return { ...read, labels: fitted(labelPath, read.labels, imagePath, await readImageHeader(imagePath)) };
}

export interface LabelReading {
  /** Of whom the labels are: files of polygons may hold those of many. */
  readonly imagePath?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly classList?: string | undefined;
}

/**
 * @throws AppError `checkpoint.classes` when the model has none of the classes that the label file's ids stand for
 * @throws AppError `label.ids` for a file of which not one pixel is of any class
 * @throws AppError `image.format` for colours that no list knows
 * @throws AppError those of readLabelPixels, of readClassList, and for panoptic labels of `panoptic.json`
 * @throws CancelledError
 */
export async function readLabelFile(
  path: string,
  encoding: DatasetEncoding,
  model: ModelClasses,
  { signal, classList, imagePath = path }: LabelReading = {},
): Promise<ItemLabels> {
  const read =
    encoding === "polygons"
      ? await readPolygonLabels(path, imagePath, model)
      : await readValues(path, encoding, model, classList);
  if (signal?.aborted) throw new CancelledError();
  return read;
}

async function readValues(
  path: string,
  encoding: Exclude<DatasetEncoding, "polygons">,
  model: ModelClasses,
  given: string | undefined,
): Promise<ItemLabels> {
  if (encoding === "wilddash2") {
    return fromIds(path, { ...(await decodePanopticLabels(path)), palette: null }, encoding, model);
  }
  const pixels = await readLabelPixels(path);
  const listed = async (): Promise<ClassList | null> =>
    given === undefined ? classListFor(path) : readClassList(given);
  if (pixels.kind === "ids") {
    const list = encoding === "named" || given !== undefined ? await listed() : null;
    if (list !== null) return fromNamed(path, pixels, list, model);
    return fromIds(path, pixels, encoding === "named" ? "ownIds" : encoding, model);
  }
  if (encoding === "synthia") {
    const { width, height, data } = pixels;
    const ids = data.filter((_, i) => i % 3 === 0);
    return fromIds(path, { width, height, data: ids, palette: null }, encoding, model);
  }
  return fromColors(path, pixels, await listed(), model);
}

/** @throws AppError `label.size` */
function fitted(path: string, labels: LabelMap, imagePath: string, image: ImageHeader): LabelMap {
  const { width, height, orientation } = image;
  if (labels.width === width && labels.height === height) return labels;
  const isLying = swapsSides(orientation) && labels.width === height && labels.height === width;
  if (isLying) return upright(labels, 1, orientation);
  const note =
    orientation === UPRIGHT ? "" : ` once it is turned as the note in the file says (its orientation, ${orientation})`;
  throw new AppError(
    "label.size",
    `"${path}" has ${labels.width} x ${labels.height} pixels, its image "${imagePath}" ${width} x ${height}${note}; ` +
      "give the label file of that image in its own size.",
  );
}

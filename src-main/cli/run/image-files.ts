// The files that one image leaves behind.
import { basename, dirname, extname, join } from "node:path";
import type { ImageResult } from "../../../src-shared/contract/results.ts";
import { fileIdFromTrainId } from "../../../src-shared/labels/label-id-to-train-id.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import type { Palette } from "../../../src-shared/labels/palettes.ts";
import { safetensorsPieces } from "../../engine/checkpoints/safetensors/write-safetensors.ts";
import type { StateTensor } from "../../engine/checkpoints/state-dict.ts";
import { colorizeLabels } from "../../engine/images/colorize.ts";
import { encodeLabelPng, encodeRgbPng } from "../../engine/images/encode-png.ts";
import { overlayLabels } from "../../engine/images/overlay.ts";
import type { LabelMap, RgbImage } from "../../engine/images/rgb-image.ts";
import type { NewFile } from "../../files/write-file-atomically.ts";

export type OutputPaths = ImageResult["outputs"];

export interface ScoresToSave {
  readonly name: "logits" | "probabilities";
  readonly scores: Float32Array;
  /** The checkpoint's own, where there is a difference. */
  readonly before: Float32Array | null;
}

export interface ImageFilesInput {
  readonly image: RgbImage;
  readonly prediction: LabelMap;
  /** One an iteration. */
  readonly losses: readonly number[];
  readonly classes: LabelSet;
  readonly palette: Palette;
  readonly overlayOpacity: number;
  /** Null when they are not asked for. */
  readonly scores: ScoresToSave | null;
}

/**
 * @param folder  the output folder
 * @param name    of the image; subfolders in it become subfolders of the output
 * @param logits  where the scores go, if anywhere
 */
export function outputPaths(folder: string, name: string, hasLosses: boolean, logits: string | null): OutputPaths {
  const path = (ending: string): string => join(folder, `${name}_${ending}`);
  return {
    trainIds: path("trainIds.png"),
    labelIds: path("labelIds.png"),
    color: path("color.png"),
    overlay: path("overlay.png"),
    ...(hasLosses ? { losses: path("losses.csv") } : {}),
    ...(logits === null ? {} : { logits }),
  };
}

/** The file of an image's scores: the one asked for, or with several images one each, `FILE_NAME.safetensors`. */
export function logitsPath(file: string, name: string, imageCount: number): string {
  if (imageCount === 1) return file;
  const extension = extname(file);
  return join(dirname(file), `${basename(file, extension)}_${name.replaceAll("/", "_")}${extension}`);
}

/** The content of every file, complete before the first is written. */
export async function imageFiles(paths: OutputPaths, input: ImageFilesInput): Promise<NewFile[]> {
  const { image, prediction, palette, classes, losses, scores } = input;
  const idTable = fileIdFromTrainId(classes);
  const labelIds = { ...prediction, data: prediction.data.map((trainId) => idTable[trainId] ?? 0) };
  const files: NewFile[] = [
    { path: paths.trainIds, content: await encodeLabelPng(prediction) },
    { path: paths.labelIds, content: await encodeLabelPng(labelIds) },
    { path: paths.color, content: await encodeRgbPng(colorizeLabels(prediction, palette)) },
    {
      path: paths.overlay,
      content: await encodeRgbPng(overlayLabels(image, prediction, palette, input.overlayOpacity)),
    },
  ];
  if (paths.losses !== undefined) files.push({ path: paths.losses, content: lossesCsv(losses) });
  if (paths.logits !== undefined && scores !== null) {
    files.push({ path: paths.logits, content: scoresFile(scores, [1, classes.numClasses, image.height, image.width]) });
  }
  return files;
}

function lossesCsv(losses: readonly number[]): Uint8Array {
  const rows = losses.map((loss, index) => `${index + 1},${loss}\n`);
  return new TextEncoder().encode(`iteration,loss\n${rows.join("")}`);
}

function scoresFile({ name, scores, before }: ScoresToSave, shape: readonly number[]): Iterable<Uint8Array> {
  const tensor = (data: Float32Array): StateTensor => ({ dtype: "float32", shape, data });
  const tensors = new Map([[name as string, tensor(scores)]]);
  if (before !== null) tensors.set("before_logits", tensor(before));
  return safetensorsPieces(tensors);
}

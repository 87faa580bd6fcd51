// Finds the predictions in a folder that importance weights are counted from.
import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { inputErrorFrom } from "../../../files/read-input-file.ts";
import { maskNames } from "./importance-weights.ts";

/** A PNG of train ids, and the name that its weights are kept under. */
export interface PredictedMask {
  readonly path: string;
  readonly name: string;
}

/** The original's result files: train ids in spite of their name. */
const ORIGINAL_ENDING = "labelIds.png";
/** What `acclimate predict` leaves beside files of label ids. */
const TRAIN_IDS_ENDING = "_trainIds.png";
/** An evaluation's prediction of an image that is no PNG: street.jpg.png. */
const OF_OTHER_IMAGE = /(?<=\.(?:jpe?g|webp|tiff?))\.png$/i;

/**
 * Files of train ids that `acclimate predict` wrote, where there are any; else `*labelIds.png` right in the folder, as the
 * original's tool takes them; else all PNGs below it, as `acclimate evaluate --save-predictions` leaves them. In the order of
 * their names.
 *
 * @throws AppError `input.missing`, `input.unreadable`
 */
export async function findPredictedMasks(folder: string): Promise<PredictedMask[]> {
  const files = (await filesBelow(folder)).filter((file) => file.endsWith(".png") && !isHidden(file)).toSorted();
  const own = files.filter((file) => file.endsWith(TRAIN_IDS_ENDING));
  if (own.length > 0) return masksOf(folder, own, (file) => file.replace(TRAIN_IDS_ENDING, ".png"));
  const original = files.filter((file) => file.endsWith(ORIGINAL_ENDING) && !file.includes("/"));
  if (original.length > 0) return original.map((name) => ({ path: join(folder, name), name }));
  if (files.length > 0) return masksOf(folder, files, (file) => file.replace(OF_OTHER_IMAGE, ""));
  throw new AppError(
    "input.unreadable",
    `"${folder}" holds no predictions; name the folder that \`acclimate predict\` or \`acclimate evaluate ` +
      "--save-predictions` wrote, or images together with --checkpoint.",
  );
}

function masksOf(folder: string, files: readonly string[], imageOf: (file: string) => string): PredictedMask[] {
  const names = maskNames(files.map(imageOf));
  return files.map((file, k) => ({ path: join(folder, file), name: names[k] ?? file }));
}

/** Paths below the folder, with slashes. */
async function filesBelow(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder, { recursive: true })).map((path) => path.replaceAll(sep, "/"));
  } catch (cause) {
    throw inputErrorFrom(folder, cause);
  }
}

function isHidden(path: string): boolean {
  return path.split("/").some((part) => part.startsWith("."));
}

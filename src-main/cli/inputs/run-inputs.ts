// From the command line to the list of images with their labels.
import { resolve, sep } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { RunFlags } from "../options/run-options.ts";
import { datasetInputs } from "./dataset-inputs.ts";
import { findImages } from "./find-images.ts";
import { matchLabels } from "./match-labels.ts";
import type { RunInput } from "./run-input.ts";
import { sampleCheckpoint, sampleInputs } from "./sample-inputs.ts";

/**
 * @param say  hears what there is to know about a data set that was named
 * @throws AppError as findImages and matchLabels, and `input.option` when no images, or two kinds of them, are named
 */
export async function runInputs(
  paths: readonly string[],
  flags: Pick<RunFlags, "sample" | "labels" | "labelEncoding" | "output">,
  say: (line: string) => void = () => undefined,
): Promise<RunInput[]> {
  if (flags.sample !== undefined) {
    if (paths.length > 0 || flags.labels !== undefined) {
      throw new AppError("input.option", "--sample: brings its own images and labels; leave out the others.");
    }
    return sampleInputs(flags.sample);
  }
  if (paths.length === 0) {
    throw new AppError(
      "input.option",
      "No image is named; give image files or folders, or --sample for built-in ones.",
    );
  }
  const [first, ...others] = paths;
  if (flags.labels === undefined && first !== undefined && others.length === 0) {
    const inputs = await datasetInputs(first, say);
    if (inputs !== null) return inputs;
  }
  const excluded = [flags.output, ...(flags.labels === undefined ? [] : [flags.labels])];
  // A folder that holds images and labels side by side is searched all the same; then names tell them apart.
  const images = await findImages(
    paths,
    excluded.filter((folder) => !paths.some((path) => isWithin(path, folder))),
  );
  if (flags.labels === undefined) return images.map((image) => ({ ...image, labelPath: null }));
  const imagePaths = images.map(({ path }) => path);
  const labelPaths = await matchLabels(imagePaths, flags.labels, flags.labelEncoding);
  return images.map((image, index) => ({ ...image, labelPath: labelPaths[index] ?? null }));
}

/** @throws AppError `input.option` when none is named */
export function checkpointPath(flags: RunFlags): string {
  if (flags.checkpoint !== undefined) return flags.checkpoint;
  if (flags.sample !== undefined) return sampleCheckpoint();
  throw new AppError("input.option", "--checkpoint: name the .pth or .safetensors file of the model.");
}

function isWithin(path: string, folder: string): boolean {
  return resolve(path) === resolve(folder) || resolve(path).startsWith(resolve(folder) + sep);
}

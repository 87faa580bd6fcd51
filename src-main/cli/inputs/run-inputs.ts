// From the command line to the list of images with their labels.
import { stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { encodingOfFile } from "../../../src-shared/labels/label-encoding-option.ts";
import { readClassList } from "../../engine/datasets/class-list.ts";
import { DatasetReport } from "../../engine/datasets/dataset-report.ts";
import type { RunFlags } from "../options/run-options.ts";
import { type FolderListening, folderInputs } from "./folder-inputs.ts";
import { fileInput, requireFound, unusedNames } from "./found-images.ts";
import { matchLabels } from "./match-labels.ts";
import type { RunInput } from "./run-input.ts";
import { sampleCheckpoint, sampleInputs } from "./sample-inputs.ts";

export type RunInputFlags = Pick<RunFlags, "sample" | "labels" | "labelEncoding" | "output"> &
  Partial<Pick<RunFlags, "labelClasses">>;

/**
 * Files are taken as they are named; folders as what they are: a data set, images with labels, or images alone.
 *
 * @param listening  hears what there is to know about a folder that was named
 * @throws AppError as folderInputs and matchLabels, and `input.option` when no images, or two kinds of them, are named
 */
export async function runInputs(
  paths: readonly string[],
  flags: RunInputFlags,
  { say = () => undefined, report = new DatasetReport() }: Partial<FolderListening> = {},
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
  if (flags.labelClasses !== undefined) await readClassList(flags.labelClasses); // refused before anything is computed
  const inputs = await imagesAt(paths, flags, { say, report });
  return flags.labels === undefined ? inputs : withLabels(inputs, flags.labels, flags);
}

/** @throws AppError `input.option` when none is named */
export function checkpointPath(flags: RunFlags): string {
  if (flags.checkpoint !== undefined) return flags.checkpoint;
  if (flags.sample !== undefined) return sampleCheckpoint();
  throw new AppError("input.option", "--checkpoint: name the .pth, .safetensors or .onnx file of the model.");
}

async function imagesAt(
  paths: readonly string[],
  { labels, output, labelClasses }: RunInputFlags,
  listening: FolderListening,
): Promise<RunInput[]> {
  // A folder that holds images and labels side by side is searched all the same; then names tell them apart.
  const excluded = [output, ...(labels === undefined ? [] : [labels])].filter(
    (folder) => !paths.some((path) => isWithin(path, folder)),
  );
  const inputs: RunInput[] = [];
  const taken = new Set<string>();
  for (const path of paths) {
    const isFolder = (await requireFound(stat(path), path)).isDirectory();
    const found = isFolder
      ? await folderInputs(path, { excluded, usesLabels: labels === undefined }, listening)
      : [fileInput(path)];
    for (const input of found) {
      if (taken.has(resolve(input.path))) continue;
      taken.add(resolve(input.path));
      inputs.push(labelClasses === undefined ? input : { ...input, classList: labelClasses });
    }
  }
  return unusedNames(inputs);
}

async function withLabels(
  inputs: readonly RunInput[],
  labels: string,
  { labelEncoding, labelClasses }: RunInputFlags,
): Promise<RunInput[]> {
  const found = await matchLabels(
    inputs.map(({ path }) => path),
    labels,
    labelEncoding,
  );
  return inputs.map((input, index) => {
    const labelPath = found[index] ?? null;
    const encoding = labelPath === null ? null : encodingOfFile(labelEncoding, labelPath);
    const classList = labelClasses === undefined ? {} : { classList: labelClasses };
    return { ...input, labelPath, labelEncoding: encoding, ...classList };
  });
}

function isWithin(path: string, folder: string): boolean {
  return resolve(path) === resolve(folder) || resolve(path).startsWith(resolve(folder) + sep);
}

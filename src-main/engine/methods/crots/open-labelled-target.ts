// What CROTS's trainings learn from besides target images: pseudo-labels, or hard patches; given in a folder, or made before the first
// step by the weights to begin with. No image of the source is asked for, or opened.
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { CrotsBaselineConfig, CrotsConfig } from "../../../../src-shared/contract/training/crots.ts";
import type { TrainingConfig } from "../../../../src-shared/contract/training/training-config.ts";
import { NO_PATCHES } from "../../../../src-shared/contract/workbench/trainings.ts";
import { labelSetFor } from "../../../../src-shared/labels/label-sets.ts";
import { inputErrorFrom } from "../../../files/read-input-file.ts";
import { readImageHeader } from "../../images/read-image-header.ts";
import { keyProblems } from "../../models/match-state-dict.ts";
import type { Runtime } from "../../runtimes/runtime.ts";
import { type ListedImages, openListed } from "../../training/data-source.ts";
import type { TrainingData } from "../../training/training-data.ts";
import type { GivenWeights } from "../../training/training-method.ts";
import { SegmentationModel } from "../shared/segmentation-model.ts";
import { STUDENT } from "./baseline-step.ts";
import { RARE_CLASSES } from "./hard-patches.ts";
import { type LabelTargetOptions, labelTarget } from "./label-target.ts";
import { madeFolders } from "./made-folders.ts";
import { crotsBaseline } from "./method.ts";
import { predictedLabels } from "./predicted-labels.ts";
import { patchSize, type Size } from "./prepared.ts";
import { pseudoLabelPath, readTargetRecords, type TargetFolders } from "./target-folder.ts";
import { filesOfImages, namesBelowCommon } from "./target-names.ts";

export interface LabelledTargetRequest {
  readonly config: TrainingConfig;
  readonly data: TrainingData;
  readonly given: (GivenWeights & { readonly sha256: string }) | undefined;
  readonly runtime: Runtime;
  /**
   * The folder of pseudo-labels of stage 1, that of hard patches of stage 2, which may be `none`; null: they are made of what the
   * weights to begin with predict.
   */
  readonly labels: string | null;
  /** The run's file of weights: what is made lies beside it. */
  readonly output: string;
}

/**
 * The data with what is learnt as its labelled images; that of other methods as it is.
 *
 * @throws AppError `input.option` for folders that another method is given, of other images, of other sizes, or that changed; those of
 *         making labels
 * @throws CancelledError
 */
export async function openLabelledTarget(
  request: LabelledTargetRequest,
  options: LabelTargetOptions = {},
): Promise<TrainingData> {
  const { config, data } = request;
  if (config.method === "crots-baseline") return withSource(data, await pseudoLabelled(config, request, options));
  if (config.method !== "crots" || request.labels === NO_PATCHES) return data;
  return withSource(data, await patchImages(config, request, options));
}

function withSource(data: TrainingData, listed: ListedImages): TrainingData {
  return {
    ...data,
    images: { ...data.images, source: openListed(listed) },
    listed: { ...data.listed, source: listed },
  };
}

async function pseudoLabelled(
  config: CrotsBaselineConfig,
  request: LabelledTargetRequest,
  options: LabelTargetOptions,
): Promise<ListedImages> {
  const images = targetOf(request);
  const names = imageNames(images);
  const { labels: folder } = request;
  if (folder !== null) {
    const labels = await filesOfImages(folder, names, [".png"], "pseudo-labels");
    await requireSizes(labels, config.cropSize, images, folder);
    return { kind: "relabelled", images, labels };
  }
  const folders = madeFolders(request.output);
  await predictTarget(config, request, folders, options);
  return { kind: "relabelled", images, labels: names.map((name) => pseudoLabelPath(folders.pseudoLabels, name)) };
}

async function patchImages(
  config: CrotsConfig,
  request: LabelledTargetRequest,
  options: LabelTargetOptions,
): Promise<ListedImages> {
  targetOf(request);
  const folder = request.labels ?? madeFolders(request.output).hardPatches;
  if (request.labels === null)
    await predictTarget(config, request, { pseudoLabels: null, hardPatches: folder }, options);
  return listPatches(folder, config.cropSize);
}

/** Source: spec "8.1 Patch loader at training time". @throws AppError `input.missing`, `input.option` */
export async function listPatches(folder: string, size: Size): Promise<ListedImages> {
  const again = "cut the patches again with `acclimate hard-patches`.";
  const { header, records } = await readTargetRecords(folder);
  const isOurs = header !== null;
  const [patches, labels] = [
    await pngsIn(join(folder, "patches"), isOurs),
    await pngsIn(join(folder, "labels"), isOurs),
  ];
  const recorded = records.flatMap((record) => record.patches.map(({ file }) => file));
  const wanted = isOurs ? [...new Set(recorded)].toSorted() : patches;
  const changed = wanted.find((file) => !patches.includes(file)) ?? patches.find((file) => !wanted.includes(file));
  if (changed !== undefined) {
    throw new AppError(
      "input.option",
      `"${folder}" has changed since its patches were cut: "${changed}" ${patches.includes(changed) ? "is new" : "is gone"}; ${again}`,
    );
  }
  const [first] = patches;
  if (first === undefined) {
    throw new AppError(
      "input.option",
      `"${folder}" holds no hard patch: no image has a pixel of the rare classes; name other classes, or train with --hard-patches-root ${NO_PATCHES}.`,
    );
  }
  const unlabelled = patches.find((file) => !labels.includes(file));
  if (unlabelled !== undefined) {
    throw new AppError("input.option", `"${folder}" has no labels of the patch "${unlabelled}"; ${again}`);
  }
  const [height, width] = patchSize(size);
  const header0 = await readImageHeader(join(folder, "patches", first));
  if (header0.width !== width || header0.height !== height) {
    throw new AppError(
      "input.option",
      `"${folder}" has patches of ${header0.width} x ${header0.height}, and those of images of ${size[1]} x ${size[0]} are ${width} x ${height}; ${again}`,
    );
  }
  return {
    kind: "relabelled",
    images: { kind: "unlabelled", paths: patches.map((file) => join(folder, "patches", file)) },
    labels: patches.map((file) => join(folder, "labels", file)),
  };
}

/** @param mayBeMissing  where a folder is made with its first file */
async function pngsIn(folder: string, mayBeMissing: boolean): Promise<string[]> {
  if (mayBeMissing && !existsSync(folder)) return [];
  try {
    return (await readdir(folder)).filter((file) => file.endsWith(".png") && !file.startsWith(".")).toSorted();
  } catch (error) {
    throw inputErrorFrom(folder, error);
  }
}

/** By the weights to begin with, which have to be a whole network. */
async function predictTarget(
  config: CrotsBaselineConfig | CrotsConfig,
  { data, given, runtime }: LabelledTargetRequest,
  folders: TargetFolders,
  options: LabelTargetOptions,
): Promise<void> {
  const { cropSize: size, numClasses, rareClasses } = config;
  // Both stages train the same network.
  const networks = crotsBaseline.networks({ ...config, method: "crots-baseline" }, given ?? null);
  const student = networks[STUDENT];
  if (given === undefined || student === undefined || keyProblems(given.stateDict, student.architecture).length > 0) {
    const flag = folders.pseudoLabels === null ? "--hard-patches-root" : "--pseudo-label-root";
    throw new AppError(
      "input.option",
      `${flag}: without it, the weights to begin with predict the target, and ${given === undefined ? "there are none" : `"${given.path}" is no whole network of this kind`}; name a source-only checkpoint, or the folder.`,
    );
  }
  const images = targetOf({ data, config });
  const model = new SegmentationModel(runtime, student.architecture, student.start);
  try {
    await labelTarget(
      {
        images: openListed(images),
        names: imageNames(images),
        label: (image) => predictedLabels(model, image, size),
        size,
        palette: labelSetFor(numClasses).palette,
        folders,
        rareClasses: RARE_CLASSES[rareClasses],
        classShare: null,
        settings: { checkpoint: given.sha256, numClasses },
      },
      options,
    );
  } finally {
    await model.dispose();
  }
}

function targetOf({ data, config }: Pick<LabelledTargetRequest, "data" | "config">): ListedImages {
  const { target } = data.listed;
  if (target !== undefined && openListed(target).count > 0) return target;
  throw new AppError(
    "input.option",
    `The method ${config.method} adapts to images, and there are none; name a target that holds some.`,
  );
}

/** Under which the labels of images are kept, in their order. */
export function imageNames(listed: ListedImages): string[] {
  switch (listed.kind) {
    case "unlabelled":
      return namesBelowCommon(listed.paths);
    case "labelled":
      return namesBelowCommon(listed.files.items.map(({ imagePath }) => imagePath));
    case "sample": {
      const { first = 0, count, domain } = listed.scenes;
      return Array.from({ length: count }, (_, k) => `${domain}_${String(first + k).padStart(6, "0")}.png`);
    }
    case "several":
      return listed.parts.flatMap(imageNames);
    case "relabelled":
      return imageNames(listed.images);
    default:
      return listed satisfies never;
  }
}

/** Labels are of the network's size, or of their images'. */
async function requireSizes(
  labels: readonly string[],
  [height, width]: Size,
  images: ListedImages,
  folder: string,
): Promise<void> {
  for (const [index, path] of labels.entries()) {
    const found = await readImageHeader(path);
    if (found.width === width && found.height === height) continue;
    const own = await sizeOf(images, index);
    if (found.width === own.width && found.height === own.height) continue;
    throw new AppError(
      "input.option",
      `"${folder}" has labels of ${found.width} x ${found.height} for an image of ${own.width} x ${own.height}, which the network sees at ${width} x ${height}; make the pseudo-labels with --size ${width}x${height}.`,
    );
  }
}

async function sizeOf(
  listed: ListedImages,
  index: number,
): Promise<{ readonly width: number; readonly height: number }> {
  const path = listed.kind === "unlabelled" ? listed.paths[index] : undefined;
  return path === undefined ? (await openListed(listed).read(index)).image : readImageHeader(path);
}

// Whether a job fits this machine, before it begins: refused where it clearly does not, unless --force says otherwise.
import { resolve } from "node:path";
import type { EvaluationConfig } from "../../../src-shared/contract/evaluation.ts";
import { type JobKind, type Need, requireRoom, tightWarnings } from "../../../src-shared/contract/machine-room.ts";
import type { TrainingConfig } from "../../../src-shared/contract/training/training-config.ts";
import { evenly } from "../../../src-shared/contract/tuning.ts";
import type { SourceImages } from "../../engine/datasets/labelled-images.ts";
import { readImageHeader } from "../../engine/images/read-image-header.ts";
import type { Architecture } from "../../engine/models/architecture.ts";
import { runWork } from "../../engine/process/run-work.ts";
import { trainingWork } from "../../engine/process/training-work.ts";
import { freeDeviceMemory } from "../../engine/runtimes/free-device-memory.ts";
import type { RuntimeDescription } from "../../engine/runtimes/runtime.ts";
import { shownOf } from "../../engine/training/train.ts";
import type { TrainingData } from "../../engine/training/training-data.ts";
import { freeBytesAt } from "../../files/free-bytes.ts";
import { calculatedPeak, runOfEvaluation, workingBytes } from "../../server/services/run-cost-model.ts";
import { keptBytes, trainingBytes, trainingPeak } from "../../server/services/training-cost-model.ts";
import type { CliContext } from "../context.ts";
import type { RunFlags } from "../options/run-options.ts";

export interface RoomFlags {
  /** Where files go. */
  readonly output: string;
  readonly force: boolean;
}

export interface Room {
  readonly needs: readonly Need[];
  readonly flags: RoomFlags;
}

type Size = { readonly width: number; readonly height: number };

/** Headers that are read: enough to meet the largest kind of image. */
const LOOKED_AT = 100;

/** @throws AppError `machine.short` */
export function checkRoom(job: JobKind, { needs, flags }: Room, { terminal }: Pick<CliContext, "terminal">): void {
  if (!flags.force) requireRoom(job, needs, "start it anyway with --force");
  terminal.notice(...tightWarnings(job, needs));
}

/** Those that can be read; what is wrong with the others will be said when their turn comes. */
export async function imageSizes(paths: readonly string[]): Promise<Size[]> {
  const headers = evenly(paths, LOOKED_AT).map((path) => readImageHeader(path).catch(() => null));
  return (await Promise.all(headers)).filter((header) => header !== null);
}

export interface TrainingToFit {
  /** The folder of its files. */
  readonly output: string;
  readonly readingThreads: number;
  readonly runtime: Pick<RunFlags, "runtime" | "provider">;
}

export interface RunsToFit {
  readonly architecture: Architecture;
  readonly configs: readonly EvaluationConfig[];
  readonly sizes: readonly Size[];
  readonly runtime: Pick<RuntimeDescription, "name" | "provider">;
}

/** Of the largest image with each of the configurations, one after the other. */
export async function memoryNeeds({ architecture, configs, sizes, runtime }: RunsToFit): Promise<Need[]> {
  const [largest] = sizes.toSorted((a, b) => b.width * b.height - a.width * a.height);
  if (largest === undefined) return [];
  const plans = configs.map((config) => ({
    config: runOfEvaluation(config),
    work: runWork(architecture, largest, config),
  }));
  const onDevice = await freeDeviceMemory({ runtime: runtime.name, provider: runtime.provider });
  if (onDevice !== null) {
    const neededBytes = Math.max(...plans.map(workingBytes));
    return [{ resource: "device memory", neededBytes, freeBytes: onDevice }];
  }
  const neededBytes = Math.max(...plans.map(calculatedPeak));
  return [{ resource: "memory", neededBytes, freeBytes: process.availableMemory() + process.memoryUsage.rss() }];
}

/**
 * @param data  what it learns from, and is validated on
 * @returns     nothing for a method that can't say what its steps compute
 */
export async function trainingNeeds(
  config: TrainingConfig,
  data: TrainingData,
  { output, readingThreads, runtime }: TrainingToFit,
): Promise<Need[]> {
  const sizeOf = async (images: SourceImages): Promise<Size> => (await images.read(0)).image;
  // Without a source the target is what is learnt from.
  const isSourceFree = data.images.source.count === 0;
  const listed = isSourceFree ? data.listed.target : data.listed.source;
  const learnt = shownOf(data.images);
  const imageSize = listed?.kind === "unlabelled" || listed?.kind === "labelled" ? await sizeOf(learnt) : null;
  const validated = data.validation === undefined ? null : { size: await sizeOf(data.validation) };
  const counted = trainingWork(config, { size: imageSize, validated, counted: null });
  if (counted === null) return [];
  const work = { ...counted, readingThreads };
  const disk = { neededBytes: keptBytes(work), freeBytes: await freeBytesAt(resolve(output)) };
  const onDevice = await freeDeviceMemory(runtime);
  const memory: Need =
    onDevice === null
      ? { resource: "memory", neededBytes: trainingPeak(work), freeBytes: process.availableMemory() }
      : { resource: "device memory", neededBytes: trainingBytes(work), freeBytes: onDevice };
  return [memory, { resource: "disk", ...disk }];
}

/** @param bytesOfPixel  that are written  @param images  in all, of which sizes were looked at */
export async function diskNeed(
  folder: string,
  {
    sizes,
    images,
    bytesOfPixel,
  }: { readonly sizes: readonly Size[]; readonly images: number; readonly bytesOfPixel: number },
): Promise<Need> {
  const pixels = sizes.reduce((sum, { width, height }) => sum + width * height, 0) / Math.max(1, sizes.length);
  return {
    resource: "disk",
    neededBytes: images * pixels * bytesOfPixel,
    freeBytes: await freeBytesAt(resolve(folder)),
  };
}

// What an export would write, and what stands in its way: found out before anything is written.
import { access } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { ExportedRun } from "../../../src-shared/contract/export-job.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import {
  type ExportFormat,
  type ExportPlan,
  type ExportRequest,
  RECOMPUTED_FORMATS,
} from "../../../src-shared/contract/workbench/exports.ts";
import type { ImageId, RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";
import { fileName, runNames } from "./export-names.ts";
import { checkWritableFolder } from "./writable-folder.ts";

/** Where runs, images and checkpoints are looked up. */
export interface ExportSources {
  readonly runs: Pick<Workspace["runs"], "get">;
  readonly datasets: Pick<Workspace["datasets"], "image">;
  readonly checkpoints: Pick<Workspace["checkpoints"], "get" | "find">;
  readonly artifacts: Pick<Workspace["artifacts"], "planePath">;
  /** The image's file, known to lie in its dataset's folder. @throws AppError when it is not there */
  readonly imagePath: (id: ImageId) => Promise<string>;
  /** The command line that repeats a run. */
  readonly command: (id: RunId) => Promise<string>;
}

export interface PlannedExport extends Pick<ExportPlan, "files" | "problems"> {
  /** What the files may take at most, and what their folder's disk has left; null where the folder can't be written to. */
  readonly disk: { readonly neededBytes: number; readonly freeBytes: number } | null;
  /** What can be written; of no use when there are problems. */
  readonly runs: ExportedRun[];
}

/** Formats that need the image's pixels. */
const WITH_IMAGE: readonly ExportFormat[] = ["overlay", "report", ...RECOMPUTED_FORMATS];
const WITH_WEIGHTS: readonly ExportFormat[] = ["weights", "onnx"];

/** @param folder  where the files go */
export async function planExport(
  request: ExportRequest,
  folder: string,
  sources: ExportSources,
): Promise<PlannedExport> {
  const problems: string[] = [];
  const runs: ExportedRun[] = [];
  const found = [...new Set(request.runIds)].flatMap((id) => orProblem(problems, () => sources.runs.get(id)) ?? []);
  const names = runNames(found);
  for (const run of found) {
    const name = names.get(run.id) ?? run.id;
    const exported = await exportedRun(run, name, request, sources, problems);
    if (exported !== undefined) runs.push(exported);
  }
  const check = await checkWritableFolder(folder);
  if ("problem" in check) problems.push(check.problem);
  const disk =
    "problem" in check
      ? null
      : { neededBytes: neededBytes(runs, request, sources.checkpoints), freeBytes: check.freeBytes };
  const files = runs.flatMap(({ run, files: own }) => own.map((file) => ({ ...file, runId: run.id })));
  const planned = files.map(async (file) => ({ ...file, exists: await isThere(join(folder, file.name)) }));
  return { files: await Promise.all(planned), problems, disk, runs };
}

async function exportedRun(
  run: Run,
  name: string,
  request: ExportRequest,
  sources: ExportSources,
  problems: string[],
): Promise<ExportedRun | undefined> {
  const own = problemsOf(run, request);
  const kept = run.kept.map(({ iteration }) => iteration);
  const iteration = request.iteration ?? Math.max(...kept);
  const imagePath = await orProblemLater(own, () => imagePathOf(run, request, sources));
  const checkpoint = orProblem(own, () => checkpointOf(run, request, sources));
  problems.push(...own.map((problem) => `"${run.image.key}": ${problem}`));
  if (own.length > 0) return undefined;
  const plane = (at: number, kind: "labels" | "confidence"): string => sources.artifacts.planePath(run.id, at, kind);
  return {
    run,
    command: await sources.command(run.id),
    // Formats that do not need them do not look at them.
    imagePath: imagePath ?? run.image.key,
    checkpointPath: checkpoint?.path ?? run.checkpoint.name,
    iteration,
    planes: {
      before: plane(0, "labels"),
      labels: plane(iteration, "labels"),
      confidence: plane(iteration, "confidence"),
    },
    files: request.formats.map((format) => ({ format, name: fileName(name, format) })),
  };
}

/** What the run itself does not have. */
function problemsOf(run: Run, { formats, iteration }: ExportRequest): string[] {
  const problems: string[] = [];
  const kept = run.kept.map((entry) => entry.iteration);
  if (kept.length === 0 || run.size === null) {
    return [`the run is ${run.status} and has no result; choose one that has.`];
  }
  if (iteration !== null && !kept.includes(iteration)) {
    problems.push(`iteration ${iteration} was not kept; choose one of ${kept.join(", ")}.`);
  }
  orProblem(problems, () => labelSetOf(run.checkpoint));
  const weights = formats.filter((format) => WITH_WEIGHTS.includes(format));
  if (run.method !== "adapt" && weights.length > 0) {
    problems.push(`a run of ${run.method} changes no weights; leave out ${weights.join(" and ")}.`);
  }
  if (run.provenance === null && formats.some(isRecomputed)) {
    problems.push("the run ended before it had recorded what made it, so it can't be repeated for these formats.");
  }
  return problems;
}

async function imagePathOf(run: Run, { formats }: ExportRequest, sources: ExportSources): Promise<string | undefined> {
  if (!formats.some((format) => WITH_IMAGE.includes(format))) return undefined;
  const path = await sources.imagePath(run.image.id);
  const { size } = sources.datasets.image(run.image.id);
  const { size: then } = run;
  if (size === null || then === null || (size.width === then.width && size.height === then.height)) return path;
  throw new AppError(
    "image.size",
    `the image has ${size.width} x ${size.height} pixels now, the run has ${then.width} x ${then.height}; repeat the run.`,
  );
}

function checkpointOf(run: Run, { formats }: ExportRequest, sources: ExportSources): Checkpoint | undefined {
  if (!formats.some(isRecomputed)) return undefined;
  const checkpoint = sources.checkpoints.get(run.checkpoint.id);
  if (checkpoint.isAvailable) return checkpoint;
  throw new AppError("input.missing", `the checkpoint "${checkpoint.path}" is not there; bring it back first.`);
}

export function isRecomputed(format: ExportFormat): boolean {
  return RECOMPUTED_FORMATS.includes(format);
}

function neededBytes(
  runs: readonly ExportedRun[],
  { folder }: ExportRequest,
  checkpoints: ExportSources["checkpoints"],
): number {
  const sizes = runs.flatMap(({ run, files }) => {
    const modelBytes = checkpoints.find(run.checkpoint.id)?.sizeBytes ?? 0;
    return files.map(({ format }) => largestBytes(format, run, modelBytes));
  });
  // What is made for download is there twice: as files, and in the archive.
  return sizes.reduce((sum, bytes) => sum + bytes, 0) * (folder === null ? 2 : 1);
}

/** Bytes that a file takes at most, or nearly so. */
function largestBytes(format: ExportFormat, run: Run, modelBytes: number): number {
  const pixels = (run.size?.width ?? 0) * (run.size?.height ?? 0);
  switch (format) {
    case "trainIds":
    case "labelIds":
      return pixels;
    case "color":
    case "overlay":
      return 3 * pixels;
    case "probabilities":
      return 4 * pixels * run.checkpoint.numClasses;
    case "coco": // run lengths: some percent of the pixels, more where classes alternate
      return pixels + 2 ** 14;
    case "csv":
    case "json":
      return 2 ** 20;
    case "report":
      return 3 * 2 ** 20;
    case "weights":
    case "onnx":
      return 2 * modelBytes; // as float32, whatever they were
    default:
      format satisfies never;
      return 0;
  }
}

function orProblem<T>(problems: string[], look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    problems.push(sentenceOf(error));
    return undefined;
  }
}

async function orProblemLater<T>(problems: string[], look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    problems.push(sentenceOf(error));
    return undefined;
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  throw error;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

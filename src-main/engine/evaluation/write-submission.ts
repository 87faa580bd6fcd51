// From the saved predictions of an evaluation to the archive that a benchmark's server takes, checked before it is written.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { cityscapesIdFromTrainId, requireCityscapesIds } from "../../../src-shared/labels/label-id-to-train-id.ts";
import { writeFileAtomically } from "../../files/write-file-atomically.ts";
import { zipPieces } from "../../files/zip-pieces.ts";
import { decodeLabelMap } from "../images/decode-label-map.ts";
import { encodeLabelPng } from "../images/encode-png.ts";
import { readImageHeader } from "../images/read-image-header.ts";
import { stopIfCancelled } from "../methods/shared/cancellation.ts";
import type { Benchmark } from "./benchmarks.ts";
import { readHeader, recordsPath } from "./evaluation-folder.ts";
import { readRecords } from "./records-file.ts";

/** Problems named one by one; of the others only the number is told. */
const LISTED_PROBLEMS = 5;

/** Where the predictions of an evaluation lie. */
export function predictionsFolder(folder: string): string {
  return join(folder, "predictions");
}

/** Where an evaluation keeps the predicted train ids of an image: a PNG of the same name. */
export function predictionPath(folder: string, key: string): string {
  return join(predictionsFolder(folder), key.endsWith(".png") ? key : `${key}.png`);
}

export interface Submission {
  readonly files: number;
  readonly path: string;
}

export interface SubmissionPlan {
  readonly files: readonly { readonly key: string; readonly name: string }[];
  /** Sentences; a submission with problems is not written. */
  readonly problems: readonly string[];
}

/**
 * What a submission would hold and what its server would refuse, as far as names and sizes tell; ids are looked at when it
 * is written.
 *
 * @throws AppError `input.missing` where nothing has been evaluated, `input.option` for a shard
 */
export async function planSubmission(folder: string, benchmark: Benchmark): Promise<SubmissionPlan> {
  const { keys, numClasses } = await evaluatedKeys(folder);
  requireCityscapesIds(numClasses);
  const { names, problems } = namesInArchive(keys, benchmark);
  for (const key of keys) {
    const path = predictionPath(folder, key);
    if (!existsSync(path)) problems.push(missingPrediction(key));
    else problems.push(...sizeProblems(key, await readImageHeader(path), benchmark));
  }
  return { files: [...names].map(([key, name]) => ({ key, name })), problems };
}

/**
 * Every image of the evaluation goes in, or nothing is written.
 *
 * @throws AppError `input.missing` without saved predictions, or with images that are not evaluated
 * @throws AppError `label.size`, `label.ids`, `input.option` for what the server would refuse, naming the first few
 * @throws CancelledError
 */
export async function writeSubmission(
  folder: string,
  benchmark: Benchmark,
  output: string,
  signal?: AbortSignal,
): Promise<Submission> {
  const { keys, numClasses } = await evaluatedKeys(folder);
  requireCityscapesIds(numClasses);
  const { names, problems } = namesInArchive(keys, benchmark);
  refuse(problems, benchmark);
  const idOfTrainId = benchmark.ids === "labelIds" ? cityscapesIdFromTrainId(numClasses) : null;
  const encoded = new Map<string, Uint8Array>();
  for (const key of keys) {
    stopIfCancelled(signal);
    const path = predictionPath(folder, key);
    if (!existsSync(path)) {
      problems.push(missingPrediction(key));
      continue;
    }
    const map = await decodeLabelMap(path);
    const own = [...sizeProblems(key, map, benchmark), ...idProblems(key, map.data, numClasses)];
    problems.push(...own.slice(0, 1));
    if (own.length > 0) continue;
    const data = idOfTrainId === null ? map.data : map.data.map((trainId) => idOfTrainId[trainId] ?? 0);
    encoded.set(names.get(key) ?? key, await encodeLabelPng({ ...map, data }));
  }
  refuse(problems, benchmark);
  await writeFileAtomically(output, zipPieces([...encoded].map(([name, bytes]) => ({ name, pieces: () => [bytes] }))));
  return { files: encoded.size, path: output };
}

/**
 * Keys of all images, which have to be evaluated.
 *
 * @throws AppError `input.missing` where something is not, `input.option` for a shard
 */
export async function evaluatedKeys(folder: string): Promise<{ keys: readonly string[]; numClasses: number }> {
  const { checkpoint, dataset, shard } = await readHeader(folder);
  if (shard.count > 1) {
    throw new AppError(
      "input.option",
      `"${folder}" is one shard of ${shard.count}; join them first with \`acclimate evaluate merge\`.`,
    );
  }
  const { evaluated } = await readRecords(recordsPath(folder));
  if (evaluated.size < dataset.images) {
    throw new AppError(
      "input.missing",
      `"${folder}" has results of ${evaluated.size} of ${dataset.images} images; finish the evaluation first.`,
    );
  }
  return { keys: [...evaluated.keys()].toSorted(), numClasses: checkpoint.numClasses };
}

function missingPrediction(key: string): string {
  return `"${key}" has no saved prediction (evaluate with --save-predictions)`;
}

function namesInArchive(
  keys: readonly string[],
  benchmark: Benchmark,
): { readonly names: ReadonlyMap<string, string>; readonly problems: string[] } {
  const names = new Map<string, string>();
  const taken = new Map<string, string>();
  const problems: string[] = [];
  for (const key of keys) {
    const name = benchmark.fileName(key);
    const other = name === null ? undefined : taken.get(name);
    if (name === null) problems.push(`"${key}" is not named as an image of ${benchmark.name}`);
    else if (other !== undefined) problems.push(`"${key}" and "${other}" would both be "${name}"`);
    else {
      names.set(key, name);
      taken.set(name, key);
    }
  }
  return { names, problems };
}

function sizeProblems(
  key: string,
  { width, height }: { width: number; height: number },
  benchmark: Benchmark,
): string[] {
  if (width === benchmark.width && height === benchmark.height) return [];
  return [`"${key}" has ${width} x ${height} pixels, not ${benchmark.width} x ${benchmark.height}`];
}

/** A prediction holds train ids, whichever ids the benchmark wants. */
function idProblems(key: string, data: Uint8Array, numClasses: number): string[] {
  const wrong = data.find((trainId) => trainId >= numClasses);
  if (wrong === undefined) return [];
  const labelIds = new Set(requireCityscapesIds(numClasses));
  const isLabelIds = data.every((id) => labelIds.has(id));
  const seems = isLabelIds ? "; these are label ids, where an evaluation keeps train ids" : "";
  return [`"${key}" has the id ${wrong}, which is no class${seems}`];
}

/** @throws AppError `input.option` naming the first problems */
function refuse(problems: readonly string[], benchmark: Benchmark): void {
  if (problems.length === 0) return;
  const listed = problems.slice(0, LISTED_PROBLEMS).join("; ");
  const more = problems.length > LISTED_PROBLEMS ? `; and ${problems.length - LISTED_PROBLEMS} more` : "";
  throw new AppError(
    "input.option",
    `The server of ${benchmark.name} would refuse this: ${listed}${more}. Nothing was written.`,
  );
}

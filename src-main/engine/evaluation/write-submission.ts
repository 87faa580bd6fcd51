// From the saved predictions of an evaluation to the archive that a benchmark's server takes, checked before it is written.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { cityscapesIdFromTrainId } from "../../../src-shared/labels/label-id-to-train-id.ts";
import { writeFileAtomically } from "../files/write-file-atomically.ts";
import { zipPieces } from "../files/zip-pieces.ts";
import { decodeLabelMap } from "../images/decode-label-map.ts";
import { encodeLabelPng } from "../images/encode-png.ts";
import type { Benchmark } from "./benchmarks.ts";
import { readHeader, recordsPath } from "./evaluation-folder.ts";
import { readRecords } from "./records-file.ts";

const PREDICTIONS_FOLDER = "predictions";
/** Problems named one by one; of the others only the number is told. */
const LISTED_PROBLEMS = 5;

/** Where an evaluation keeps the predicted train ids of an image: a PNG of the same name. */
export function predictionPath(folder: string, key: string): string {
  return join(folder, PREDICTIONS_FOLDER, key.endsWith(".png") ? key : `${key}.png`);
}

export interface Submission {
  readonly files: number;
  readonly path: string;
}

/**
 * Every image of the evaluation goes in, or nothing is written.
 *
 * @throws AppError `input.missing` without saved predictions, or with images that are not evaluated
 * @throws AppError `label.size`, `label.ids`, `input.option` for what the server would refuse, naming the first few
 */
export async function writeSubmission(folder: string, benchmark: Benchmark, output: string): Promise<Submission> {
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
  const keys = [...evaluated.keys()].toSorted();
  const names = namesInArchive(keys, benchmark);
  const idOfTrainId = benchmark.ids === "labelIds" ? cityscapesIdFromTrainId(checkpoint.numClasses) : null;
  const encoded = new Map<string, Uint8Array>();
  const problems: string[] = [];
  for (const key of keys) {
    const path = predictionPath(folder, key);
    if (!existsSync(path)) {
      problems.push(`"${key}" has no saved prediction (evaluate with --save-predictions)`);
      continue;
    }
    const map = await decodeLabelMap(path);
    const problem = problemOf(key, map, checkpoint.numClasses, benchmark);
    if (problem !== null) {
      problems.push(problem);
      continue;
    }
    const data = idOfTrainId === null ? map.data : map.data.map((trainId) => idOfTrainId[trainId] ?? 0);
    encoded.set(names.get(key) ?? key, await encodeLabelPng({ ...map, data }));
  }
  refuse(problems, benchmark);
  await writeFileAtomically(output, zipPieces([...encoded].map(([name, bytes]) => ({ name, pieces: () => [bytes] }))));
  return { files: encoded.size, path: output };
}

function namesInArchive(keys: readonly string[], benchmark: Benchmark): ReadonlyMap<string, string> {
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
  refuse(problems, benchmark);
  return names;
}

function problemOf(
  key: string,
  { width, height, data }: { width: number; height: number; data: Uint8Array },
  numClasses: number,
  benchmark: Benchmark,
): string | null {
  if (width !== benchmark.width || height !== benchmark.height) {
    return `"${key}" has ${width} x ${height} pixels, not ${benchmark.width} x ${benchmark.height}`;
  }
  const wrong = data.find((trainId) => trainId >= numClasses);
  return wrong === undefined ? null : `"${key}" has the id ${wrong}, which is no class`;
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

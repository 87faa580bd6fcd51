// The folder of an evaluation: what decides its figures, the record of each image, and the figures once it is complete.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import {
  type EvaluationHeader,
  type EvaluationSummary,
  evaluationHeaderSchema,
} from "../../../src-shared/contract/evaluation.ts";
import { makeFolders } from "../../files/make-folders.ts";
import { writeFileAtomically, writeFilesTogether } from "../../files/write-file-atomically.ts";
import { evaluationPage } from "./evaluation-page.ts";

const HEADER_FILE = "evaluation.json";
const RECORDS_FILE = "images.jsonl";
const SUMMARY_FILE = "summary.json";
const PAGE_FILE = "report.html";

export function headerPath(folder: string): string {
  return join(folder, HEADER_FILE);
}

export function recordsPath(folder: string): string {
  return join(folder, RECORDS_FILE);
}

export function summaryPath(folder: string): string {
  return join(folder, SUMMARY_FILE);
}

export function reportPath(folder: string): string {
  return join(folder, PAGE_FILE);
}

/**
 * Makes the folder, or goes on with the evaluation that is in it.
 *
 * @throws AppError `input.option` when the folder holds an evaluation of something else
 */
export async function openEvaluationFolder(folder: string, header: EvaluationHeader): Promise<void> {
  const path = headerPath(folder);
  const text = await textIfThere(path);
  if (text !== null) {
    requireSameEvaluation(folder, parsedHeader(path, text), header, true);
    return;
  }
  await makeFolders(resolve(folder));
  await writeFileAtomically(path, encoded(header));
}

/** @throws AppError `input.missing`, `input.unreadable` */
export async function readHeader(folder: string): Promise<EvaluationHeader> {
  const path = headerPath(folder);
  const text = await textIfThere(path);
  if (text === null) {
    throw new AppError("input.missing", `"${folder}" holds no evaluation: "${HEADER_FILE}" is not there.`);
  }
  return parsedHeader(path, text);
}

/** The figures as JSON, and as a page for people. */
export async function writeSummary(
  folder: string,
  header: EvaluationHeader,
  summary: EvaluationSummary,
): Promise<void> {
  const page = new TextEncoder().encode(evaluationPage(header, summary));
  await writeFilesTogether([
    { path: summaryPath(folder), content: encoded({ ...header, summary }) },
    { path: reportPath(folder), content: page },
  ]);
}

/**
 * Whether figures of both may be put together: same checkpoint, parameters, data and program.
 *
 * @param sameShard  also the same part
 * @throws AppError `input.option`, naming what differs
 */
export function requireSameEvaluation(
  folder: string,
  found: EvaluationHeader,
  wanted: EvaluationHeader,
  sameShard: boolean,
): void {
  const differing = differences(decisive(found, sameShard), decisive(wanted, sameShard));
  if (differing.length === 0) return;
  // Another method has other parameters, too.
  const isOtherMethod = differing.includes("method");
  const parameters = { ...found.config, ...wanted.config };
  const shown = differing.filter((name) => !isOtherMethod || name === "method" || !Object.hasOwn(parameters, name));
  const names = shown.map((name) => (name === "version" ? "the version of Acclimate" : name));
  throw new AppError(
    "input.option",
    `"${folder}" holds another evaluation (it differs in ${names.join(", ")}); start anew in another folder, or go on with what it was begun with.`,
  );
}

/** Paths and the machine may differ between parts; what the figures come from may not. */
function decisive({ acclimate, checkpoint, config, dataset, shard }: EvaluationHeader, sameShard: boolean) {
  const { layout, split, images } = dataset;
  const part = sameShard ? `${shard.index}/${shard.count}` : String(shard.count);
  const { sha256, weights = "student" } = checkpoint;
  return { version: acclimate, checkpoint: sha256, weights, ...config, layout, split, images, shard: part };
}

function differences(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): string[] {
  return Object.keys({ ...a, ...b }).filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));
}

function parsedHeader(path: string, text: string): EvaluationHeader {
  try {
    return evaluationHeaderSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError("input.unreadable", `"${path}" is not the start of an evaluation; choose another folder.`, {
      cause,
    });
  }
}

async function textIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new AppError("input.unreadable", `"${path}" can't be read (${code}).`, { cause: error });
  }
}

function encoded(document: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
}

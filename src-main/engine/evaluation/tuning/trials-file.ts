// The folder of a tuning: what decides its trials, and a line a trial, on the disk before the next one begins.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { ParameterValue } from "../../../../src-shared/contract/parameter-meta.ts";
import { type Trial, trialSchema } from "../../../../src-shared/contract/tuning.ts";
import { makeFolders } from "../../../files/make-folders.ts";
import { writeFileAtomically } from "../../../files/write-file-atomically.ts";
import { RecordsWriter } from "../records-file.ts";

const HEADER_FILE = "tuning.json";
const TRIALS_FILE = "trials.jsonl";

/** Trials of the same can be put together. */
export interface TuningHeader {
  readonly acclimate: string;
  readonly checkpointSha256: string;
  /** Image keys in order. */
  readonly images: readonly string[];
  /** Keys of those with labels. */
  readonly labelled: readonly string[];
}

/** What is looked at in a trial: one that was not looked at so can't be judged like the others. */
export interface TrialLooks {
  /** Numbers of iterations; none: every one up to the most. */
  readonly iterations: readonly ParameterValue[];
  readonly most: number;
  readonly views: boolean;
}

/**
 * Makes the folder, or goes on with the tuning that is in it.
 *
 * @returns what has been tried; a line that breaks off, as a killed process leaves it, is as if it had not been
 * @throws AppError `input.option` when the folder holds a tuning of something else; `output.*`
 */
export async function openTrials(
  folder: string,
  header: TuningHeader,
  looks: TrialLooks,
): Promise<{ readonly trials: Trial[]; readonly writer: RecordsWriter<Trial> }> {
  const path = join(folder, HEADER_FILE);
  const text = await textIfThere(path);
  const own = `${JSON.stringify({ ...header, looks }, null, 2)}\n`;
  if (text !== null && text !== own) {
    throw new AppError(
      "input.option",
      `"${folder}" holds a tuning of another checkpoint, of other images, labels or iterations, or by another version; name another folder.`,
    );
  }
  await makeFolders(resolve(folder));
  if (text === null) await writeFileAtomically(path, new TextEncoder().encode(own));
  const trialsPath = join(folder, TRIALS_FILE);
  const lines = ((await textIfThere(trialsPath)) ?? "").split("\n");
  const trials = lines.flatMap((line) => trialSchema.safeParse(jsonOrNull(line)).data ?? []);
  return { trials, writer: await RecordsWriter.open<Trial>(trialsPath) };
}

async function textIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new AppError("input.unreadable", `"${path}" can't be read (${code}).`, { cause });
  }
}

function jsonOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

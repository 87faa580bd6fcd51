// What a benchmark's server gets of an evaluation: looked at beforehand, and written.
import { stat } from "node:fs/promises";
import { benchmarkOf } from "../../evaluation/benchmarks.ts";
import { planSubmission as plan, writeSubmission as write } from "../../evaluation/write-submission.ts";
import type { Handler } from "../handler.ts";

export const planSubmission: Handler<"planSubmission"> = async ({ folder, benchmark }) => {
  const { files, problems } = await plan(folder, benchmarkOf(benchmark));
  return { files: [...files], problems: [...problems] };
};

export const writeSubmission: Handler<"writeSubmission"> = async ({ folder, benchmark, output }, { signal }) => {
  const { files, path } = await write(folder, benchmarkOf(benchmark), output, signal);
  return { files, sizeBytes: (await stat(path)).size };
};

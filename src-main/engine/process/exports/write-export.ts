// Writes the files of an export: run after run, all files of a run or none, then the archive.
import { closeSync, openSync, readSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ExportedFile, ExportedRun, ExportJob } from "../../../../src-shared/contract/export-job.ts";
import { makeFolders } from "../../../files/make-folders.ts";
import { writeFileAtomically, writeFilesTogether } from "../../../files/write-file-atomically.ts";
import { zipPieces } from "../../../files/zip-pieces.ts";
import { stopIfCancelled } from "../../methods/shared/cancellation.ts";
import { RunRepeater } from "./repeat-run.ts";
import { RunFiles } from "./run-files.ts";

export interface ExportOptions {
  /** Hears of each file once it is whole and has its name; not of the archive. */
  readonly onFile: (file: ExportedFile) => void;
  readonly signal?: AbortSignal;
}

const READ_BYTES = 2 ** 20;

/**
 * @throws AppError `output.*`; `run.differs` when a run gives another result when it is repeated; `input.*` and `image.*`
 *         when what it was made from can't be read any more. Files of the runs before stay.
 * @throws CancelledError
 */
export async function writeExport(job: ExportJob, { onFile, signal }: ExportOptions): Promise<void> {
  const repeater = new RunRepeater();
  try {
    for (const exported of job.runs) {
      stopIfCancelled(signal);
      for (const file of await writeRun(job, exported, repeater, signal)) onFile(file);
    }
  } finally {
    await repeater.dispose();
  }
  if (job.archive === null) return;
  stopIfCancelled(signal);
  const names = job.runs.flatMap(({ files }) => files.map(({ name }) => name));
  const members = names.map((name) => ({ name, pieces: () => fileBytes(join(job.folder, name)) }));
  await writeFileAtomically(join(job.folder, job.archive), zipPieces(members));
}

async function writeRun(
  job: ExportJob,
  exported: ExportedRun,
  repeater: RunRepeater,
  signal: AbortSignal | undefined,
): Promise<ExportedFile[]> {
  const contents = new RunFiles(job, exported, repeater, signal);
  const files = [];
  for (const { name, format } of exported.files) {
    files.push({ name, path: join(job.folder, name), content: await contents.of(format) });
  }
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) {
    await makeFolders(folder);
  }
  stopIfCancelled(signal);
  await writeFilesTogether(files);
  return Promise.all(files.map(async ({ name, path }) => ({ name, sizeBytes: (await stat(path)).size })));
}

function* fileBytes(path: string): Generator<Uint8Array> {
  const file = openSync(path, "r");
  try {
    for (;;) {
      const piece = new Uint8Array(READ_BYTES);
      const length = readSync(file, piece);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

// Joins the parts of an evaluation that was divided into shards.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { EvaluationHeader, EvaluationSummary } from "../../../src-shared/contract/evaluation.ts";
import {
  openEvaluationFolder,
  readHeader,
  recordsPath,
  requireSameEvaluation,
  writeSummary,
} from "./evaluation-folder.ts";
import { RecordsWriter, readRecords } from "./records-file.ts";
import { summarizeEvaluation } from "./summarize-evaluation.ts";

/**
 * Writes the whole into `output`: bit for bit what one evaluation of all images would have written there.
 *
 * @param parts  folders of all shards, in any order
 * @throws AppError `input.option` for parts of different evaluations, a shard given twice, or one that is not there
 * @throws AppError `input.missing` for a part that is not finished
 */
export async function mergeEvaluations(parts: readonly string[], output: string): Promise<EvaluationSummary> {
  const [first, ...others] = await Promise.all(
    parts.map(async (folder) => ({ folder, header: await readHeader(folder) })),
  );
  if (first === undefined) throw new AppError("input.option", "Name the folders of the parts to join.");
  for (const { folder, header } of others) requireSameEvaluation(folder, header, first.header, false);
  requireAllShards([first, ...others]);

  const header: EvaluationHeader = { ...first.header, shard: { index: 1, count: 1 } };
  const records = await Promise.all(parts.map((folder) => readRecords(recordsPath(folder))));
  const evaluated = records
    .flatMap((part) => [...part.evaluated.values()])
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const failed = records.flatMap((part) => [...part.failed.values()]);
  const missing = header.dataset.images - evaluated.length - failed.length;
  if (missing > 0) {
    throw new AppError(
      "input.missing",
      `${missing} of ${header.dataset.images} images are not evaluated yet; finish the parts with the commands they were started with, then join them.`,
    );
  }
  await openEvaluationFolder(output, header);
  const writer = await RecordsWriter.open(recordsPath(output));
  try {
    for (const record of [...evaluated, ...failed]) await writer.append(record);
  } finally {
    await writer.close();
  }
  const summary = summarizeEvaluation(evaluated, header.checkpoint.numClasses, failed.length);
  await writeSummary(output, header, summary);
  return summary;
}

function requireAllShards(parts: readonly { readonly folder: string; readonly header: EvaluationHeader }[]): void {
  const [first] = parts;
  const folders = new Map<number, string>();
  for (const { folder, header } of parts) {
    const other = folders.get(header.shard.index);
    if (other !== undefined) {
      throw new AppError(
        "input.option",
        `"${other}" and "${folder}" are the same shard, ${header.shard.index}; give each part once.`,
      );
    }
    folders.set(header.shard.index, folder);
  }
  const count = first?.header.shard.count ?? 0;
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !folders.has(index));
  if (missing.length === 0) return;
  throw new AppError(
    "input.option",
    `Of ${count} shards number ${missing.join(", ")} is not among the folders; name all parts.`,
  );
}

// The original's files of class statistics, which its converters write into the folder of the source.
import { basename, join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { readInputFile } from "../../../files/read-input-file.ts";
import { writeFileAtomically } from "../../../files/write-file-atomically.ts";
import type { ClassPixels } from "../../training/training-method.ts";

/** Of each label file its classes with their pixels. */
export const STATISTICS_FILE = "sample_class_stats.json";
/** The same by file, which training does not read. */
export const STATISTICS_BY_FILE = "sample_class_stats_dict.json";
/** Of each class the label files that have it, with their pixels. */
export const FILES_BY_CLASS = "samples_with_class.json";

/** Cityscapes' training labels are some 3000 entries of 300 bytes, GTA's 25 000. */
const MAX_BYTES = 256 * 2 ** 20;

const statisticsSchema = z.array(z.object({ file: z.string().min(1) }).catchall(z.int().positive()));

/** A label file and what is in it. */
export interface LabelStatistics {
  readonly file: string;
  readonly pixels: ClassPixels;
}

/** The three files as the original's converters write them. Source: spec "8. Rare Class Sampling". */
export async function writeStatistics(folder: string, statistics: readonly LabelStatistics[]): Promise<void> {
  const byClass = new Map<string, [string, number][]>();
  for (const { file, pixels } of statistics) {
    for (const [id, count] of pixels) byClass.set(`${id}`, [...(byClass.get(`${id}`) ?? []), [file, count]]);
  }
  const documents = {
    [STATISTICS_FILE]: statistics.map(({ file, pixels }) => ({ ...Object.fromEntries(pixels), file })),
    [STATISTICS_BY_FILE]: Object.fromEntries(statistics.map(({ file, pixels }) => [file, Object.fromEntries(pixels)])),
    [FILES_BY_CLASS]: Object.fromEntries(byClass),
  };
  for (const [name, document] of Object.entries(documents)) {
    await writeFileAtomically(join(folder, name), Buffer.from(JSON.stringify(document, null, 2)));
  }
}

/** @throws AppError `input.missing`, `input.unreadable` */
export async function readStatistics(path: string): Promise<LabelStatistics[]> {
  const bytes = await readInputFile(path, MAX_BYTES);
  try {
    return statisticsSchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8"))).map(({ file, ...counts }) => ({
      file,
      pixels: new Map(Object.entries(counts).map(([id, count]) => [Number(id), count])),
    }));
  } catch (cause) {
    throw new AppError(
      "input.unreadable",
      `"${basename(path)}" holds no class statistics, or is damaged; remove it to have the labels counted.`,
      { cause },
    );
  }
}

/**
 * Of each label file, in their order; looked up by its name, as the original does, whether they are train ids or not.
 *
 * @throws AppError `input.unreadable` when a file is not in the statistics: they are of another data set
 */
export async function pixelsFromStatistics(path: string, labels: readonly string[]): Promise<readonly ClassPixels[]> {
  const known = new Map((await readStatistics(path)).map(({ file, pixels }) => [nameOf(file), pixels]));
  const missing = labels.filter((label) => !known.has(nameOf(label)));
  const [first] = missing;
  if (first === undefined) return labels.map((label) => known.get(nameOf(label)) ?? new Map());
  throw new AppError(
    "input.unreadable",
    `"${basename(path)}" is of another data set: it lacks ${missing.length} of ${labels.length} labels, such as ` +
      `"${nameOf(first)}"; remove it to have the labels counted.`,
  );
}

/** What names of label files have behind that of the image, by what is in them: the same labels come in several files. */
const ENDING = /(_label(Train)?Ids|_polygons)?\.[a-z]+$/i;

/** Files of Windows have the other separator. */
function nameOf(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(ENDING, "");
}

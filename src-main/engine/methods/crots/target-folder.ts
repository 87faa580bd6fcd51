// The folders that pseudo-labels and hard patches of target images go to, image by image: what is done is not done again.
import { appendFile, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { Palette } from "../../../../src-shared/labels/palettes.ts";
import { makeFolders } from "../../../files/make-folders.ts";
import { outputErrorFrom } from "../../../files/output-error.ts";
import { type NewFile, writeFilesTogether } from "../../../files/write-file-atomically.ts";
import { colorizeLabels } from "../../images/colorize.ts";
import { encodeLabelPng, encodeRgbPng } from "../../images/encode-png.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";
import { hardPatches } from "./hard-patches.ts";
import type { TargetLabels } from "./predicted-labels.ts";
import { labelName } from "./target-names.ts";

const LABEL_IDS = join("label_ids", "train");
const LABEL_COLOR = join("label_color", "train");
/** What was predicted, and how surely, where thresholds decide afterwards what becomes a label. */
export const PREDICTED = join("predicted", "train");
export const CONFIDENCE = join("confidence", "train");
/** Within the folder: one line an image. */
const RECORDS = "images.jsonl";
/** Steps of the confidence that are told apart. */
export const CONFIDENCE_STEPS = 256;

const recordSchema = z.object({
  name: z.string(),
  entropy: z.number().nullable(),
  /** Of each class with labels: pixels by confidence, [class, step, pixels] one after another; empty where it is not known. */
  confidences: z.array(z.tuple([z.int(), z.int(), z.int()])).default([]),
  patches: z.array(z.object({ file: z.string(), pixels: z.record(z.string(), z.int()) })).default([]),
});
export type TargetRecord = z.infer<typeof recordSchema>;
const headerSchema = z.object({ settings: z.record(z.string(), z.unknown()) });

/** Where labels and patches go; null: nowhere. */
export interface TargetFolders {
  readonly pseudoLabels: string | null;
  readonly hardPatches: string | null;
}

/** A folder that grows by one image at a time. */
export class RecordedFolder {
  readonly folder: string;
  readonly #done: Map<string, TargetRecord>;

  private constructor(folder: string, done: Map<string, TargetRecord>) {
    this.folder = folder;
    this.#done = done;
  }

  /**
   * A new one, or one to go on with.
   *
   * @param settings  what its files follow from: they are the same, or nothing is gone on with
   * @throws AppError `input.option` for a folder of other settings
   */
  static async open(folder: string, settings: Readonly<Record<string, unknown>>): Promise<RecordedFolder> {
    await makeFolders(folder);
    const path = join(folder, RECORDS);
    const { header, records } = await readTargetRecords(folder);
    if (header === null) await appended(path, { settings });
    else if (JSON.stringify(header) !== JSON.stringify(settings)) {
      throw new AppError(
        "input.option",
        `"${folder}" was begun with another model, size or other classes; go on with the same, or name another folder.`,
      );
    }
    return new RecordedFolder(folder, new Map(records.map((record) => [record.name, record])));
  }

  has(name: string): boolean {
    return this.#done.has(name);
  }

  /** In the order of these images. */
  recordsOf(names: readonly string[]): TargetRecord[] {
    return names.flatMap((name) => this.#done.get(name) ?? []);
  }

  /** Files first, then the line that says so. */
  async add(files: readonly NewFile[], record: TargetRecord): Promise<void> {
    await this.write(files);
    await appended(join(this.folder, RECORDS), record);
    this.#done.set(record.name, record);
  }

  async write(files: readonly NewFile[]): Promise<void> {
    for (const folder of new Set(files.map(({ path }) => dirname(path)))) await makeFolders(folder);
    await writeFilesTogether(files);
  }
}

/** What was kept of each image; of a folder without records, nothing. A line that breaks off is left out. */
export async function readTargetRecords(
  folder: string,
): Promise<{ readonly header: Readonly<Record<string, unknown>> | null; readonly records: readonly TargetRecord[] }> {
  const text = await readFile(join(folder, RECORDS), "utf8").catch(() => "");
  const lines = text.split("\n").flatMap((line) => parsed(line) ?? []);
  const [first, ...others] = lines;
  const header = headerSchema.safeParse(first);
  if (!header.success) return { header: null, records: [] };
  return { header: header.data.settings, records: others.flatMap((line) => recordSchema.safeParse(line).data ?? []) };
}

function parsed(line: string): unknown {
  try {
    return line === "" ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function appended(path: string, value: unknown): Promise<void> {
  try {
    // A line break in front, too: what a killed process left of a line ends there.
    await appendFile(path, `\n${JSON.stringify(value)}\n`);
  } catch (error) {
    throw outputErrorFrom(path, error);
  }
}

/** The pseudo-label of an image. */
export function pseudoLabelPath(folder: string, image: string): string {
  return join(folder, LABEL_IDS, labelName(image));
}

/** Files of an image's labels. @param palette  where they are pseudo-labels as they are; null: thresholds make them so */
export async function labelFiles(
  folder: string,
  image: string,
  { labels, confidence }: TargetLabels,
  palette: Palette | null,
): Promise<NewFile[]> {
  const name = labelName(image);
  if (palette !== null) return finalFiles(folder, name, labels, palette);
  const steps = { ...labels, data: confidenceSteps(confidence ?? new Float32Array(0)) };
  return [
    { path: join(folder, PREDICTED, name), content: await encodeLabelPng(labels) },
    { path: join(folder, CONFIDENCE, name), content: await encodeLabelPng(steps) },
  ];
}

/** Label ids and colours. @param name  of the label file */
export async function finalFiles(folder: string, name: string, labels: LabelMap, palette: Palette): Promise<NewFile[]> {
  return [
    { path: join(folder, LABEL_IDS, name), content: await encodeLabelPng(labels) },
    { path: join(folder, LABEL_COLOR, name), content: await encodeRgbPng(colorizeLabels(labels, palette)) },
  ];
}

export function confidenceSteps(confidence: Float32Array): Uint8Array {
  return Uint8Array.from(confidence, (value) => Math.min(CONFIDENCE_STEPS - 1, Math.floor(value * CONFIDENCE_STEPS)));
}

/** The patches of an image as files, and what is recorded of them. @param image  in the size of its labels */
export async function patchFiles(
  folder: string,
  name: string,
  { image, labels }: { readonly image: RgbImage; readonly labels: LabelMap },
  { rareClasses, palette }: { readonly rareClasses: readonly number[]; readonly palette: Palette },
): Promise<{ readonly files: readonly NewFile[]; readonly patches: TargetRecord["patches"] }> {
  const found = hardPatches(image, labels, rareClasses);
  const stem = name.replace(/\.[^.]+$/, "");
  const files = await Promise.all(
    found.map(async (patch): Promise<NewFile[]> => {
      const file = `${stem}_${patch.place}.png`;
      return [
        { path: join(folder, "patches", file), content: await encodeRgbPng(patch.image) },
        { path: join(folder, "labels", file), content: await encodeLabelPng(patch.labels) },
        {
          path: join(folder, "color_labels", file),
          content: await encodeRgbPng(colorizeLabels(patch.labels, palette)),
        },
      ];
    }),
  );
  const patches = found.map(({ place, pixels }) => ({
    file: `${stem}_${place}.png`,
    pixels: Object.fromEntries(pixels),
  }));
  return { files: files.flat(), patches };
}

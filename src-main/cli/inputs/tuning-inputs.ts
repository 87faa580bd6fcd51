// What a tuning is made on: a data set, or images and folders as `adapt` takes them.
import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import type { DatasetLayout } from "../../../src-shared/contract/dataset.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { evenly } from "../../../src-shared/contract/tuning.ts";
import { DatasetReport } from "../../engine/datasets/dataset-report.ts";
import { detectLayout } from "../../engine/datasets/detect-layout.ts";
import { itemsOfSplit } from "../../engine/datasets/items-of-split.ts";
import type { RunFlags } from "../options/run-options.ts";
import { inputOfItem } from "./folder-inputs.ts";
import type { RunInput } from "./run-input.ts";
import { runInputs } from "./run-inputs.ts";
import { sampleFolder } from "./sample-inputs.ts";

export interface TuningInputFlags extends Pick<RunFlags, "labels" | "labelEncoding" | "output"> {
  readonly sample: boolean;
  readonly layout?: DatasetLayout | undefined;
  readonly split?: string | undefined;
}

export interface TuningInputs {
  readonly inputs: readonly RunInput[];
  /** Absolute path of the data set's folder; null when other images were named. */
  readonly dataset: string | null;
}

interface Listening {
  /** Hears what there is to know about a data set. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** @throws AppError as runInputs and itemsOfSplit; `input.option` when it is not clear what is meant */
export async function tuningInputs(
  paths: readonly string[],
  flags: TuningInputFlags,
  { say, signal }: Listening,
): Promise<TuningInputs> {
  if (flags.sample === paths.length > 0) {
    throw new AppError("input.option", "Say what to tune on: either --sample, or images, a folder or a data set.");
  }
  const folder = await datasetAmong(flags.sample ? [sampleFolder()] : paths, flags);
  if (folder === null) {
    if (flags.split !== undefined || flags.layout !== undefined) {
      throw new AppError("input.option", "--split, --layout: are of one data set's folder, without --labels.");
    }
    return { inputs: await runInputs(paths, { ...flags, sample: undefined }, { say }), dataset: null };
  }
  const report = new DatasetReport();
  const items = await itemsOfSplit(folder.root, { ...folder, split: flags.split ?? null, report, signal });
  for (const { message } of report.lines) say(message);
  return { inputs: items.map((item) => inputOfItem(item, item.key)), dataset: folder.root };
}

/** What trials know an image by: its path below what was named, the same every time. */
export function keyOfInput({ name, path }: Pick<RunInput, "name" | "path">): string {
  return `${name}${extname(path)}`;
}

/**
 * Those that are tuned on.
 *
 * @param only  keys; undefined: as many as `most`, evenly spread
 * @throws AppError `input.option` for a key that is not there
 */
export function chosenInputs(
  inputs: readonly RunInput[],
  only: readonly string[] | undefined,
  most: number,
): readonly RunInput[] {
  if (only === undefined) return evenly(inputs, most);
  const byKey = new Map(inputs.map((input) => [keyOfInput(input), input]));
  return [...new Set(only)].map((key) => {
    const input = byKey.get(key);
    if (input !== undefined) return input;
    const such = inputs[0] === undefined ? "" : `; they are called as "${keyOfInput(inputs[0])}"`;
    throw new AppError("input.option", `--only: no image is called "${key}"${such}.`);
  });
}

async function datasetAmong(
  paths: readonly string[],
  { layout, labels }: TuningInputFlags,
): Promise<{ readonly root: string; readonly layout: DatasetLayout } | null> {
  const [path, ...others] = paths;
  if (path === undefined || others.length > 0 || labels !== undefined || !(await isFolder(path))) return null;
  const found = layout ?? (await detectLayout(path));
  return layout === undefined && found === "images" ? null : { root: resolve(path), layout: found };
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false, // the search for images will say what is missing
  );
}

// What the classes of a checkpoint are: as somebody says, as its file says, or as a file beside it says.
import { basename, dirname, extname, join } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { type LabelSetData, labelSetSchema } from "../../../src-shared/contract/label-set.ts";
import { labelSetFrom, parsedLabelSet } from "../../../src-shared/labels/label-set-data.ts";
import { LABEL_SETS } from "../../../src-shared/labels/label-sets.ts";
import { readInputFile } from "../../files/read-input-file.ts";
import type { Checkpoint } from "./load-checkpoint.ts";

/** Metadata under this key is a label set as JSON: in checkpoints that are trained here. */
export const LABEL_SET_KEY = "label_set";
/** A file of 255 classes has some 20 kB. */
const MAX_FILE_BYTES = 2 ** 20;

/** The file that says what a checkpoint's classes are: model.label-set.json beside model.pth. */
export function labelSetFileOf(checkpointPath: string): string {
  const name = basename(checkpointPath, extname(checkpointPath));
  return join(dirname(checkpointPath), `${name}.label-set.json`);
}

/**
 * The checkpoint's label set; undefined where nothing says more than the number of classes does.
 *
 * @param given  in place of what the file says
 * @throws AppError `checkpoint.classes` for a label set of another number of classes; `input.unreadable` for one that is none
 */
export async function checkpointClasses(
  checkpoint: Pick<Checkpoint, "path" | "metadata" | "classes">,
  numClasses: number,
  given?: LabelSetData,
): Promise<LabelSetData | undefined> {
  const { path, metadata, classes } = checkpoint;
  const noted = metadata[LABEL_SET_KEY];
  const said =
    given ??
    (typeof noted === "string" ? parsedLabelSet(noted, basename(path)) : null) ??
    (await besides(path)) ??
    foundIn(path, classes, numClasses);
  if (said === null) return undefined;
  if (said.classes.length !== numClasses) {
    throw new AppError(
      "checkpoint.classes",
      `"${basename(path)}" has ${numClasses} classes, the label set "${said.name}" ${said.classes.length}; choose one with as many.`,
    );
  }
  // What the number says already is nothing to keep.
  return LABEL_SETS.includes(labelSetFrom(said)) ? undefined : said;
}

/**
 * The label set that a training's checkpoints carry: the one that is given, or that of the weights it begins with.
 *
 * @throws AppError as `checkpointClasses`
 */
export async function trainedClasses(
  checkpoint: Pick<Checkpoint, "path" | "metadata" | "classes"> | undefined,
  numClasses: number,
  given?: LabelSetData,
): Promise<LabelSetData | undefined> {
  if (given !== undefined || checkpoint === undefined) {
    return checkpointClasses({ path: "the training", metadata: {}, classes: [] }, numClasses, given);
  }
  try {
    return await checkpointClasses(checkpoint, numClasses);
  } catch (error) {
    // Weights of another head begin a training, too.
    if (error instanceof AppError && error.code === "checkpoint.classes") return undefined;
    throw error;
  }
}

async function besides(path: string): Promise<LabelSetData | null> {
  const file = labelSetFileOf(path);
  try {
    return parsedLabelSet(new TextDecoder().decode(await readInputFile(file, MAX_FILE_BYTES)), file);
  } catch (error) {
    if (error instanceof AppError && error.code === "input.missing") return null;
    throw error;
  }
}

/** Names that are not one for each class, or not apart, are of something else. */
function foundIn(path: string, classes: Checkpoint["classes"], numClasses: number): LabelSetData | null {
  const named = classes.find(({ names }) => names.length === numClasses && new Set(names).size === names.length);
  if (named === undefined) return null;
  const { names, palette } = named;
  return labelSetSchema.parse({
    name: `classes of ${basename(path)}`.slice(0, 100),
    classes: names.map((name, k) => ({ name, ...(palette === null ? {} : { color: palette[k] }) })),
  });
}

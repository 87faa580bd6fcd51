// Looks into label files for the classes they have, one after another and never in anybody's way.
import { setTimeout as pause } from "node:timers/promises";
import type { EngineOutput } from "../../../src-shared/contract/engine-protocol.ts";
import type { DatasetId } from "../../../src-shared/contract/workbench/ids.ts";
import type { DatasetEncoding } from "../../../src-shared/labels/dataset-tables.ts";
import { unknownSentence } from "../../../src-shared/labels/unknown-sentence.ts";
import { containedPath } from "../../workspace/contained-path.ts";
import type { DatasetStore, ImageFiles } from "../../workspace/dataset-store.ts";
import type { ImageFault } from "../../workspace/image-faults.ts";
import type { DatasetBackground } from "./dataset-background.ts";
import { faultOfFile } from "./fault-of-file.ts";

const BATCH_IMAGES = 8;
/** Between two looks whether somebody needs the process. */
const PAUSE_MS = 100;

export interface ClassReading {
  readonly store: DatasetStore;
  readonly background: DatasetBackground;
  readonly signal: AbortSignal;
  /** Whether nobody waits for the background process now. */
  readonly isIdle: () => boolean;
  readonly onClasses: () => void;
}

/** Ends when all are read, when the signal says so, or when the files can't be read now. */
export async function readPresentClasses(id: DatasetId, reading: ClassReading): Promise<void> {
  const { store, signal, isIdle, onClasses } = reading;
  while (!signal.aborted && store.find(id)?.isAvailable === true) {
    const images = store.withoutClasses(id, BATCH_IMAGES);
    if (images.length === 0) return;
    for (const image of images) {
      while (!isIdle() && !signal.aborted) await pause(PAUSE_MS);
      const start = performance.now();
      const trainIds = await classesOf(image, reading);
      if (trainIds === null || signal.aborted || store.find(id) === undefined) return;
      store.setClasses(image.id, trainIds);
      await pause(performance.now() - start); // half of the time belongs to others
    }
    onClasses();
  }
}

/** What is of no class, or may mean something else, in words; null when there is nothing of the kind. */
function noticeOf(
  path: string,
  encoding: DatasetEncoding,
  { pixels, unknown, hints }: EngineOutput<"presentClasses">,
): ImageFault | null {
  const [hint] = hints;
  if (unknown.length === 0)
    return hint === undefined ? null : { code: "dataset.labelHint", message: `"${path}" ${hint}` };
  const unknownPixels = unknown.reduce((sum, one) => sum + one.pixels, 0);
  const values = unknown.map((value) => ({ ...value, files: 1 }));
  const total = { files: 1, pixels: unknownPixels, filePixels: pixels, example: path, values };
  return { code: "dataset.unknownIds", message: unknownSentence(total, encoding) };
}

/** Null when this is not the time to read them. */
async function classesOf(
  { id, root, key, labels }: ImageFiles,
  { store, background, signal }: ClassReading,
): Promise<readonly number[] | null> {
  if (labels === null) return [];
  try {
    const [imagePath, path] = await Promise.all([containedPath(root, key), containedPath(root, labels.path)]);
    const input = { imagePath, path, encoding: labels.encoding };
    const read = await background.request("presentClasses", input, { signal });
    const notice = noticeOf(labels.path, labels.encoding, read);
    if (notice !== null) store.setFault(id, "labels", notice);
    return read.trainIds;
  } catch (error) {
    const fault = faultOfFile(error);
    if (fault === null || signal.aborted) return null;
    store.setFault(id, "labels", fault);
    return [];
  }
}

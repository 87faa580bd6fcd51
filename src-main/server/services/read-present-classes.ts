// Looks into label files for the classes they have, one after another and never in anybody's way.
import { setTimeout as pause } from "node:timers/promises";
import type { DatasetId } from "../../../src-shared/contract/workbench/ids.ts";
import { containedPath } from "../../workspace/contained-path.ts";
import type { DatasetStore, ImageFiles } from "../../workspace/dataset-store.ts";
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

/** Null when this is not the time to read them. */
async function classesOf(
  { id, root, labels }: ImageFiles,
  { store, background, signal }: ClassReading,
): Promise<readonly number[] | null> {
  if (labels === null) return [];
  try {
    const path = await containedPath(root, labels.path);
    const { trainIds } = await background.request("presentClasses", { path, encoding: labels.encoding }, { signal });
    return trainIds;
  } catch (error) {
    const fault = faultOfFile(error);
    if (fault === null || signal.aborted) return null;
    store.setFault(id, "labels", fault);
    return [];
  }
}

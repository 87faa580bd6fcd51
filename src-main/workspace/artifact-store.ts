// Where the files of runs are: planes and pseudo-labels under runs/<id>/, which the engine writes as gzip of raw bytes.
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../src-shared/contract/errors.ts";
import type { RunId } from "../../src-shared/contract/workbench/ids.ts";
import type { Plane, PlaneStop } from "../../src-shared/contract/workbench/runs.ts";
import { freeBytesAt } from "../files/free-bytes.ts";
import { makeFolders } from "../files/make-folders.ts";

/** A run is not started with less: the database must still be able to write. */
export const MIN_FREE_BYTES = 256 * 2 ** 20;

export class ArtifactStore {
  readonly #folder: string;

  /** @param folder  the workspace's */
  constructor(folder: string) {
    this.#folder = join(folder, "runs");
  }

  runFolder(id: RunId): string {
    return join(this.#folder, id);
  }

  /** Where the plane is, whether it was written or not; gzip. */
  planePath(id: RunId, stop: PlaneStop, plane: Plane): string {
    return join(this.runFolder(id), `${stop}-${plane}.gz`);
  }

  /** Where the pseudo-label is, whether it was written or not; gzip. */
  pseudoLabelPath(id: RunId): string {
    return join(this.runFolder(id), "pseudo-label.gz");
  }

  /** Makes the run's folder, for whoever writes into it. @throws AppError `output.diskFull`, `output.unwritable` */
  async makeRunFolder(id: RunId): Promise<string> {
    await this.requireSpace(MIN_FREE_BYTES);
    await makeFolders(this.runFolder(id));
    return this.runFolder(id);
  }

  /** @returns the path; @throws AppError `input.missing` when it was not written */
  async plane(id: RunId, stop: PlaneStop, plane: Plane): Promise<string> {
    const name = stop === "stored" ? "The stored checkpoint's prediction" : `Iteration ${stop}`;
    return present(this.planePath(id, stop, plane), `${name} of this run has no ${plane}`);
  }

  /** @returns the path; @throws AppError `input.missing` when it was not written */
  async pseudoLabel(id: RunId): Promise<string> {
    return present(this.pseudoLabelPath(id), "This run has no pseudo-label");
  }

  /** Removes all files of a run; nothing happens when there are none. */
  async remove(id: RunId): Promise<void> {
    await rm(this.runFolder(id), { recursive: true, force: true });
  }

  /** Runs that have files here, whether or not the database knows them. */
  async runIds(): Promise<RunId[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names as RunId[]; // folders are named after their run
  }

  /** Of the disk that the workspace is on. */
  async freeBytes(): Promise<number> {
    await makeFolders(this.#folder);
    return freeBytesAt(this.#folder);
  }

  /** @throws AppError `output.diskFull` when less is free */
  async requireSpace(bytes: number): Promise<void> {
    const free = await this.freeBytes();
    if (free >= bytes) return;
    throw new AppError(
      "output.diskFull",
      `The disk of "${this.#folder}" has ${megabytes(free)} free, ${megabytes(bytes)} are needed; free some space.`,
    );
  }
}

async function present(path: string, absence: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (cause) {
    throw new AppError("input.missing", `${absence}; it was not kept, or the run ended before.`, { cause });
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

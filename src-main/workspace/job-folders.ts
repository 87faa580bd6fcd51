// The folders of evaluations or of trainings: evaluations/<id>/, trainings/<id>/. What is in them, their engine decides.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolders } from "../files/make-folders.ts";
import { type ArtifactStore, MIN_FREE_BYTES } from "./artifact-store.ts";

export class JobFolders<Id extends string> {
  readonly #folder: string;
  readonly #disk: Pick<ArtifactStore, "requireSpace">;

  /** @param folder  that of all of them */
  constructor(folder: string, disk: Pick<ArtifactStore, "requireSpace">) {
    this.#folder = folder;
    this.#disk = disk;
  }

  path(id: Id): string {
    return join(this.#folder, id);
  }

  /** For whoever writes into it. @throws AppError `output.diskFull`, `output.unwritable` */
  async make(id: Id): Promise<string> {
    const path = this.path(id);
    await this.#disk.requireSpace(MIN_FREE_BYTES);
    await makeFolders(path);
    return path;
  }

  /** With everything in it; nothing happens when it is not there. */
  async remove(id: Id): Promise<void> {
    await rm(this.path(id), { recursive: true, force: true });
  }
}

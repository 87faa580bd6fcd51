// Tiles of large photographs on disk, a folder for each; those that were not looked at for longest go when there are too many.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { DatasetId } from "../../src-shared/contract/workbench/ids.ts";
import type { ImageVersion } from "./thumbnail-cache.ts";

/** About four photographs of 16384 x 16384 pixels in full detail, or thirty of ordinary ones. */
const MAX_BYTES = 4 * 2 ** 30;
/** Where folders are until they are whole; what a crash has left there goes with the next one. */
const UNFINISHED = "unfinished";

interface StoredFolder {
  readonly path: string;
  readonly sizeBytes: number;
  readonly usedMs: number;
}

export class PyramidCache {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #making = new Map<string, Promise<string>>();

  constructor(folder: string, { maxBytes = MAX_BYTES }: { readonly maxBytes?: number } = {}) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** The folder of this version's tiles; null when there is none. */
  async find(image: ImageVersion): Promise<string | null> {
    const path = this.#pathOf(image);
    const now = new Date();
    return utimes(path, now, now).then(
      () => path,
      () => null,
    );
  }

  /**
   * The same, made when there is none: everybody who asks meanwhile waits for one.
   *
   * @param write  puts the tiles into an empty folder. @throws what it throws; nothing is left then
   */
  async make(image: ImageVersion, write: (folder: string) => Promise<void>): Promise<string> {
    const path = this.#pathOf(image);
    const making = this.#making.get(path) ?? this.#make(image, path, write).finally(() => this.#making.delete(path));
    this.#making.set(path, making);
    return making;
  }

  /** Removes those of a dataset. */
  async forget(datasetId: DatasetId): Promise<void> {
    await rm(join(this.#folder, datasetId), { recursive: true, force: true });
  }

  async #make(image: ImageVersion, path: string, write: (folder: string) => Promise<void>): Promise<string> {
    const found = await this.find(image);
    if (found !== null) return found;
    const unfinished = join(this.#folder, UNFINISHED);
    if (this.#making.size <= 1) await rm(unfinished, { recursive: true, force: true });
    const folder = join(unfinished, randomUUID());
    await mkdir(folder, { recursive: true });
    try {
      await write(folder);
      await mkdir(join(this.#folder, image.datasetId), { recursive: true });
      await rename(folder, path);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    await this.#makeRoom(path);
    return path;
  }

  async #makeRoom(except: string): Promise<void> {
    const folders = await this.#folders();
    let bytes = folders.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    for (const { path, sizeBytes } of folders.toSorted((a, b) => a.usedMs - b.usedMs)) {
      if (bytes <= this.#maxBytes) return;
      if (path === except) continue;
      await rm(path, { recursive: true, force: true });
      bytes -= sizeBytes;
    }
  }

  async #folders(): Promise<StoredFolder[]> {
    const folders: StoredFolder[] = [];
    for (const dataset of await readdir(this.#folder).catch(() => [])) {
      if (dataset === UNFINISHED) continue;
      for (const name of await readdir(join(this.#folder, dataset)).catch(() => [])) {
        const path = join(this.#folder, dataset, name);
        const found = await stat(path).catch(() => null);
        if (found !== null) folders.push({ path, sizeBytes: await bytesBelow(path), usedMs: found.mtimeMs });
      }
    }
    return folders;
  }

  #pathOf({ datasetId, path, mtimeMs, sizeBytes }: ImageVersion): string {
    const name = createHash("sha256")
      .update(JSON.stringify([path, mtimeMs, sizeBytes]))
      .digest("hex")
      .slice(0, 32);
    return join(this.#folder, datasetId, name);
  }
}

async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => null);
    bytes += found?.size ?? 0;
  }
  return bytes;
}

// Thumbnails on disk, named after what they show; the oldest go when there are too many.
import { createHash } from "node:crypto";
import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DatasetId } from "../../src-shared/contract/workbench/ids.ts";
import { makeFolders } from "../files/make-folders.ts";
import { type FileContent, type WriteNewFile, writeFileAtomically } from "../files/write-file-atomically.ts";

/** About 80,000 thumbnails of street scenes. */
const MAX_BYTES = 2 ** 30;
/** What is left after a clean-up, so that not every new thumbnail needs one. */
const KEPT_SHARE = 0.9;

/** An image file as it was when it was looked at: another time or size is another picture. */
export interface ImageVersion {
  readonly datasetId: DatasetId;
  readonly path: string;
  readonly mtimeMs: number;
  readonly sizeBytes: number;
}

interface StoredFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

export class ThumbnailCache {
  readonly #folder: string;
  readonly #write: WriteNewFile;
  readonly #maxBytes: number;
  #bytes = 0;
  /** What is there already is counted when room is first asked for. */
  #counted: Promise<void> | undefined;
  #cleanUp: Promise<void> | undefined;

  constructor(folder: string, options: { write?: WriteNewFile | undefined; maxBytes?: number } = {}) {
    this.#folder = folder;
    this.#write = options.write ?? writeUnsynced;
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
  }

  /** The thumbnail's path; null when there is none of this version. */
  async find(image: ImageVersion): Promise<string | null> {
    const path = this.#pathOf(image);
    const found = await stat(path).catch(() => null);
    // Empty: the power went before the bytes were on the disk.
    return found === null || found.size === 0 ? null : path;
  }

  /** @returns the path. @throws AppError `output.diskFull`, `output.unwritable` */
  async add(image: ImageVersion, webp: Uint8Array): Promise<string> {
    const path = this.#pathOf(image);
    await makeFolders(dirname(path), path);
    await writeFileAtomically(path, webp, this.#write);
    this.#bytes += webp.byteLength;
    return path;
  }

  /** Removes the oldest when there are too many. The first call looks at all files, which may take seconds. */
  async makeRoom(): Promise<void> {
    this.#counted ??= this.#files().then((files) => {
      this.#bytes = sumOfSizes(files);
    });
    await this.#counted;
    if (this.#bytes <= this.#maxBytes) return;
    this.#cleanUp ??= this.#removeOldest().finally(() => {
      this.#cleanUp = undefined;
    });
    await this.#cleanUp;
  }

  /** Removes those of a dataset. */
  async forget(datasetId: DatasetId): Promise<void> {
    await rm(join(this.#folder, datasetId), { recursive: true, force: true });
    this.#counted = undefined; // counted anew with the next one
  }

  /** Two letters a folder, so that none holds too many. */
  #pathOf({ datasetId, path, mtimeMs, sizeBytes }: ImageVersion): string {
    const name = createHash("sha256")
      .update(JSON.stringify([path, mtimeMs, sizeBytes]))
      .digest("hex")
      .slice(0, 32);
    return join(this.#folder, datasetId, name.slice(0, 2), `${name}.webp`);
  }

  async #removeOldest(): Promise<void> {
    const files = await this.#files();
    let bytes = sumOfSizes(files);
    for (const file of files.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (bytes <= this.#maxBytes * KEPT_SHARE) break;
      await rm(file.path, { force: true });
      bytes -= file.sizeBytes;
    }
    this.#bytes = bytes;
  }

  async #files(): Promise<StoredFile[]> {
    const files: StoredFile[] = [];
    for (const dataset of await readdir(this.#folder).catch(() => [])) {
      for await (const path of webpsBelow(join(this.#folder, dataset))) {
        const found = await stat(path).catch(() => null);
        if (found !== null) files.push({ path, sizeBytes: found.size, mtimeMs: found.mtimeMs });
      }
    }
    return files;
  }
}

/** Nothing waits for the disk: a thumbnail that is lost is made again. */
async function writeUnsynced(path: string, content: FileContent): Promise<void> {
  await writeFile(path, content, { flag: "wx" });
}

async function* webpsBelow(folder: string): AsyncGenerator<string> {
  for (const name of await readdir(folder).catch(() => [])) {
    for (const file of await readdir(join(folder, name)).catch(() => [])) yield join(folder, name, file);
  }
}

function sumOfSizes(files: readonly StoredFile[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

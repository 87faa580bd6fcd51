// Embeddings of data sets: computed in the background when somebody asks, kept, and made anew where a file has changed.
import { stat } from "node:fs/promises";
import { AppError, CancelledError } from "../../../src-shared/contract/errors.ts";
import { imageQuerySchema } from "../../../src-shared/contract/workbench/datasets.ts";
import type { EmbeddingKey, EmbeddingState } from "../../../src-shared/contract/workbench/embeddings.ts";
import type { WorkbenchEvent } from "../../../src-shared/contract/workbench/events.ts";
import type { Jobs } from "../../jobs/open-jobs.ts";
import { containedPath } from "../../workspace/contained-path.ts";
import type { StoredEmbedding } from "../../workspace/embedding-store.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";
import type { EmbeddingService } from "../services.ts";
import { usableCheckpoint } from "./usable.ts";

export interface EmbeddingParts {
  readonly workspace: Pick<Workspace, "datasets" | "checkpoints" | "embeddings">;
  readonly jobs: {
    readonly engine: Pick<Jobs["engine"], "state">;
    readonly background: Pick<Jobs["background"], "request">;
  };
  readonly publish: (event: WorkbenchEvent) => void;
}

/** Saved and told together: about a second of work. */
const BATCH_IMAGES = 16;
/** One thread: runs have the cores. */
const MACHINE = { runtime: "onnx", provider: "cpu", threads: 1 } as const;

interface Work {
  readonly stop: AbortController;
  /** Resolves when it has ended, however it did. */
  ended: Promise<void>;
  done: number;
  failed: number;
}

interface Wanted {
  readonly key: string;
  readonly path: string;
  readonly stamp: string;
}

export class Embeddings implements EmbeddingService {
  readonly #parts: EmbeddingParts;
  readonly #work = new Map<string, Work>();
  readonly #problems = new Map<string, string>();
  #isClosed = false;

  constructor(parts: EmbeddingParts) {
    this.#parts = parts;
  }

  async state(key: EmbeddingKey): Promise<EmbeddingState> {
    const { datasets, checkpoints, embeddings } = this.#parts.workspace;
    const work = this.#work.get(nameOf(key));
    const { sha256 } = checkpoints.get(key.checkpointId);
    return {
      ...key,
      isRunning: work !== undefined,
      embedded: work?.done ?? embeddings.count(key.datasetId, sha256),
      images: datasets.get(key.datasetId).imageCount,
      failed: work?.failed ?? 0,
      problem: this.#problems.get(nameOf(key)) ?? null,
    };
  }

  async start(key: EmbeddingKey): Promise<EmbeddingState> {
    const checkpoint = await usableCheckpoint(key.checkpointId, this.#parts);
    const name = nameOf(key);
    if (!this.#work.has(name)) {
      const work: Work = { stop: new AbortController(), ended: Promise.resolve(), done: 0, failed: 0 };
      this.#work.set(name, work);
      this.#problems.delete(name);
      work.ended = this.#embedAll(key, checkpoint, work);
    }
    return this.state(key);
  }

  async cancel(key: EmbeddingKey): Promise<void> {
    this.#work.get(nameOf(key))?.stop.abort();
  }

  /** Stops everything, and waits for it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const all = [...this.#work.values()];
    for (const { stop } of all) stop.abort();
    await Promise.all(all.map(({ ended }) => ended));
  }

  async #embedAll(key: EmbeddingKey, { path, sha256 }: { path: string; sha256: string }, work: Work): Promise<void> {
    const { workspace, jobs } = this.#parts;
    try {
      const known = workspace.embeddings.stamps(key.datasetId, sha256);
      const ids = workspace.datasets.imageIds(imageQuerySchema.parse({ datasetId: key.datasetId }));
      let batch: Wanted[] = [];
      for (const id of ids) {
        if (work.stop.signal.aborted) throw new CancelledError();
        const wanted = await this.#wanted(id, work);
        if (wanted === null) continue;
        if (known.get(wanted.key) === wanted.stamp) work.done += 1;
        else batch.push(wanted);
        if (batch.length < BATCH_IMAGES) continue;
        await this.#embed(key, path, sha256, batch, work);
        batch = [];
      }
      if (batch.length > 0) await this.#embed(key, path, sha256, batch, work);
    } catch (error) {
      if (!(error instanceof CancelledError)) {
        this.#problems.set(nameOf(key), error instanceof Error ? error.message : String(error));
      }
    } finally {
      this.#work.delete(nameOf(key));
      // Its weights would stay in the background's memory. A process that has ended has nothing to forget.
      if (this.#work.size === 0) await jobs.background.request("forgetModel", null).catch(() => null);
      await this.#tell(key);
    }
  }

  /** Null for an image whose file is not there. */
  async #wanted(id: Parameters<Workspace["datasets"]["files"]>[0], work: Work): Promise<Wanted | null> {
    const { root, key } = this.#parts.workspace.datasets.files(id);
    try {
      const path = await containedPath(root, key);
      const { mtimeMs, size } = await stat(path);
      return { key, path, stamp: `${mtimeMs} ${size}` };
    } catch (error) {
      // Gone between the look and the stat, or outside of the folder: nothing to embed, whatever it was.
      if (!(error instanceof AppError) && !(error instanceof Error && "code" in error)) throw error;
      work.failed += 1;
      return null;
    }
  }

  async #embed(key: EmbeddingKey, checkpointPath: string, sha256: string, batch: readonly Wanted[], work: Work) {
    const stamps = new Map(batch.map((wanted) => [wanted.key, wanted.stamp]));
    const found: StoredEmbedding[] = [];
    await this.#parts.jobs.background.request(
      "embedImages",
      { checkpointPath, machine: MACHINE, images: batch.map(({ key: image, path }) => ({ key: image, path })) },
      {
        signal: work.stop.signal,
        onEvent: (event) => {
          if (event.type === "unreadable") work.failed += 1;
          else found.push({ key: event.key, stamp: stamps.get(event.key) ?? "", vector: event.vector });
        },
      },
    );
    this.#parts.workspace.embeddings.save(key.datasetId, sha256, found);
    work.done += found.length;
    await this.#tell(key);
  }

  async #tell(key: EmbeddingKey): Promise<void> {
    if (this.#isClosed) return;
    try {
      this.#parts.publish({ type: "embeddingsChanged", state: await this.state(key) });
    } catch (error) {
      // Data set or checkpoint were removed in the meantime: nobody is left to tell.
      if (!(error instanceof AppError)) throw error;
    }
  }
}

function nameOf({ datasetId, checkpointId }: EmbeddingKey): string {
  return `${datasetId} ${checkpointId}`;
}

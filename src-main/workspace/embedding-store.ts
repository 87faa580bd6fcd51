// Embeddings of images, by checkpoint (its content's hash) and image (its path in the data set, and its file's state).
import type { DatasetId } from "../../src-shared/contract/workbench/ids.ts";
import type { Database } from "./database.ts";
import type { ImageChanges } from "./image-order.ts";

export interface StoredEmbedding {
  readonly key: string;
  /** Changes with the file. */
  readonly stamp: string;
  /** float32, of length 1. */
  readonly vector: Uint8Array;
}

export class EmbeddingStore {
  readonly #database: Database;
  readonly #changes: ImageChanges;

  constructor(database: Database, changes: ImageChanges) {
    this.#database = database;
    this.#changes = changes;
  }

  /** Of each image that has one, the state of the file it was made from. */
  stamps(datasetId: DatasetId, sha256: string): ReadonlyMap<string, string> {
    const rows = this.#database.all(
      `SELECT key, stamp FROM image_embedding
       WHERE checkpoint = ? AND dataset = (SELECT n FROM dataset WHERE id = ?)`,
      sha256,
      datasetId,
    );
    return new Map(rows.map(({ key, stamp }) => [String(key), String(stamp)]));
  }

  /** Images in the list now that have one. */
  count(datasetId: DatasetId, sha256: string): number {
    const row = this.#database.first(
      `SELECT count(*) AS count FROM image_embedding AS embedding
       JOIN image ON image.dataset = embedding.dataset AND image.key = embedding.key
       WHERE checkpoint = ? AND embedding.dataset = (SELECT n FROM dataset WHERE id = ?)`,
      sha256,
      datasetId,
    );
    return Number(row?.count);
  }

  save(datasetId: DatasetId, sha256: string, embeddings: readonly StoredEmbedding[]): void {
    this.#changes.embeddings += 1;
    this.#database.transaction(() => {
      for (const { key, stamp, vector } of embeddings) {
        this.#database.run(
          `INSERT OR REPLACE INTO image_embedding (checkpoint, dataset, key, stamp, vector)
           SELECT ?, n, ?, ?, ? FROM dataset WHERE id = ?`,
          sha256,
          key,
          stamp,
          vector,
          datasetId,
        );
      }
    });
  }
}

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

/**
 * Places in the order of their likeness to an image, the most similar first; the image itself leads, and images without an
 * embedding come last, in the order they were.
 *
 * @param dataset  its place in the table
 * @param image    place of the image
 */
export function bySimilarity(
  database: Database,
  places: Int32Array,
  { dataset, image, checkpointId }: { dataset: number; image: number; checkpointId: string },
): Int32Array {
  const rows = database.table(
    `SELECT image.n, embedding.vector FROM image_embedding AS embedding
     JOIN image ON image.dataset = embedding.dataset AND image.key = embedding.key
     WHERE embedding.dataset = ?
       AND embedding.checkpoint = (SELECT json_extract(body, '$.sha256') FROM checkpoint WHERE id = ?)`,
    dataset,
    checkpointId,
  );
  const vectors = new Map(rows.map(([place, bytes]) => [Number(place), floatsOf(bytes)]));
  const wanted = vectors.get(image);
  if (wanted === undefined) return places;
  const likeness = new Map([...vectors].map(([place, vector]) => [place, dot(wanted, vector)]));
  const rank = (place: number): number => (place === image ? 2 : (likeness.get(place) ?? -2));
  // A stable sort: what is equally similar, or has no embedding, stays as it was.
  return Int32Array.from([...places].sort((a, b) => rank(b) - rank(a)));
}

function floatsOf(bytes: unknown): Float32Array {
  if (!(bytes instanceof Uint8Array)) return new Float32Array();
  return new Float32Array(bytes.slice().buffer); // a copy begins where numbers may
}

/** The cosine, since both have length 1. */
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (const [index, value] of a.entries()) sum += value * (b[index] ?? 0);
  return sum;
}

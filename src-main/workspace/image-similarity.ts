// Orders images by the likeness of their embeddings to that of one of them.
import type { Database } from "./database.ts";

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

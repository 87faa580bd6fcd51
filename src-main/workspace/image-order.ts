// Keeps the last answers of the grid: all images that pass a filter, in order, so that the next page is a look into a list.
import { LRUCache } from "lru-cache";
import type { ImageQuery } from "../../src-shared/contract/workbench/datasets.ts";
import type { Database } from "./database.ts";
import { placesOf } from "./image-query.ts";
import { bySimilarity } from "./image-similarity.ts";
import { placeOf } from "./new-id.ts";

/** As many orders are kept; one of 100,000 images is 400 kB. */
const MAX_ORDERS = 8;

/** Counts up with every change of what orders are made from; who changes it says so. */
export class ImageChanges {
  images = 0;
  classes = 0;
  scores = 0;
  embeddings = 0;
}

export class ImageOrders {
  readonly #database: Database;
  readonly #changes: ImageChanges;
  readonly #known = new LRUCache<string, { readonly version: string; readonly places: Int32Array }>({
    max: MAX_ORDERS,
  });

  constructor(database: Database, changes: ImageChanges) {
    this.#database = database;
    this.#changes = changes;
  }

  /**
   * Places of all images that pass the query's filter, in its order.
   *
   * @param dataset  its place in the table
   */
  of(query: ImageQuery, dataset: number): Int32Array {
    const { filter, sort, runId } = query;
    const key = JSON.stringify([dataset, filter, sort, runId]);
    const version = this.#versionFor(query);
    const known = this.#known.get(key);
    const places = known?.version === version ? known.places : this.#read(query, dataset);
    this.#known.set(key, { version, places });
    return places;
  }

  #read(query: ImageQuery, dataset: number): Int32Array {
    const { sql, values } = placesOf(query, dataset);
    const places = Int32Array.from(this.#database.column(sql, ...values), Number);
    const { by, descending, similarTo } = query.sort;
    if (by !== "similarity" || similarTo === undefined) return places;
    const image = placeOf(similarTo.imageId)?.place ?? -1;
    const ordered = bySimilarity(this.#database, places, { dataset, image, checkpointId: similarTo.checkpointId });
    return descending ? ordered : ordered.toReversed();
  }

  /** Only of what the query depends on: classes are read and runs end while somebody scrolls. */
  #versionFor({ filter, sort }: ImageQuery): string {
    const { images, classes, scores, embeddings } = this.#changes;
    const figures = sort.by === "name" ? "" : sort.by === "similarity" ? embeddings : scores;
    return [images, filter.classes.length > 0 ? classes : "", figures].join();
  }
}

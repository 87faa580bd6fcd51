// How many images a dataset has of what: counted along with every change, because counting 100,000 takes too long.
import type { DatasetItem } from "../../src-shared/contract/dataset.ts";
import type { Dataset } from "../../src-shared/contract/workbench/datasets.ts";
import type { Database, Row } from "./database.ts";

export type Counts = Pick<Dataset, "imageCount" | "labelledCount" | "splits" | "tags" | "classes">;

type Kind = "images" | "labelled" | "split" | "tag" | "class";

export class DatasetCounts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param dataset  its place in the table */
  of(dataset: number): Counts {
    const rows = this.#database.all(
      "SELECT kind, name, count FROM dataset_count WHERE dataset = ? AND count > 0 ORDER BY kind, name",
      dataset,
    );
    const ofKind = (kind: Kind) => rows.filter((row) => row.kind === kind).map(countedName);
    return {
      imageCount: ofKind("images")[0]?.count ?? 0,
      labelledCount: ofKind("labelled")[0]?.count ?? 0,
      splits: ofKind("split"),
      tags: ofKind("tag"),
      classes: ofKind("class")
        .map(({ name, count }) => ({ trainId: Number(name), count }))
        .toSorted((a, b) => a.trainId - b.trainId),
    };
  }

  add(dataset: number, kind: Kind, name: string, difference: number): void {
    this.#database.run(
      `INSERT INTO dataset_count (dataset, kind, name, count) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET count = count + excluded.count`,
      dataset,
      kind,
      name,
      difference,
    );
  }

  /** Counts images that were not there before. */
  addItems(dataset: number, items: readonly Pick<DatasetItem, "labelPath" | "split" | "tags">[]): void {
    this.add(dataset, "images", "", items.length);
    this.add(dataset, "labelled", "", items.filter(({ labelPath }) => labelPath !== null).length);
    const splits = items.flatMap(({ split }) => (split === null ? [] : [split]));
    const tags = items.flatMap((item) => [...new Set(item.tags)]);
    for (const [name, { length }] of Map.groupBy(splits, (split) => split)) this.add(dataset, "split", name, length);
    for (const [name, { length }] of Map.groupBy(tags, (tag) => tag)) this.add(dataset, "tag", name, length);
  }

  /** Counts everything anew. */
  recount(dataset: number): void {
    this.#database.run("DELETE FROM dataset_count WHERE dataset = ?", dataset);
    this.#database.run(
      `INSERT INTO dataset_count (dataset, kind, name, count)
       SELECT ?1, 'images', '', count(*) FROM image WHERE dataset = ?1
       UNION ALL SELECT ?1, 'labelled', '', count(label_path) FROM image WHERE dataset = ?1
       UNION ALL SELECT ?1, 'split', split, count(*) FROM image WHERE dataset = ?1 AND split IS NOT NULL GROUP BY split
       UNION ALL SELECT ?1, 'tag', tag, count(*) FROM image_tag WHERE dataset = ?1 GROUP BY tag
       UNION ALL SELECT ?1, 'class', CAST(train_id AS TEXT), count(*) FROM image_class WHERE dataset = ?1 GROUP BY train_id`,
      dataset,
    );
  }
}

function countedName({ name, count }: Row): { name: string; count: number } {
  return { name: String(name), count: Number(count) };
}

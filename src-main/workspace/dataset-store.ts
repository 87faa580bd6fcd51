// Datasets and their images in the workspace: 100,000 images are listed in batches and asked for in pages.
import type { SQLInputValue } from "node:sqlite";
import type { DatasetItem } from "../../src-shared/contract/dataset.ts";
import { AppError, BugError } from "../../src-shared/contract/errors.ts";
import type { Failure } from "../../src-shared/contract/results.ts";
import type {
  Dataset,
  DatasetNotice,
  ImageItem,
  ImagePage,
  ImageQuery,
} from "../../src-shared/contract/workbench/datasets.ts";
import type { DatasetId, ImageId } from "../../src-shared/contract/workbench/ids.ts";
import type { DatasetEncoding } from "../../src-shared/labels/dataset-tables.ts";
import { type Database, fromJson, jsonOf, type Row } from "./database.ts";
import { DatasetCounts } from "./dataset-counts.ts";
import { datasetFromRow, imageFromRow } from "./dataset-rows.ts";
import { type FaultyFile, type ImageFault, ImageFaults } from "./image-faults.ts";
import { type ImageChanges, ImageOrders } from "./image-order.ts";
import { foldedKey, imageSql } from "./image-query.ts";
import { imageIdAt, placeOf } from "./new-id.ts";
import { scoreImage } from "./score-image.ts";

export type NewDataset = Pick<Dataset, "id" | "name" | "path" | "layout" | "layoutName" | "isSample">;

/** Where an image's files are, as the listing told; paths lead from the dataset's folder, with "/". */
export interface ImageFiles {
  readonly id: ImageId;
  readonly datasetId: DatasetId;
  /** The dataset's folder. */
  readonly root: string;
  readonly key: string;
  readonly labels: { readonly path: string; readonly encoding: DatasetEncoding } | null;
}

/** An item of a listing with its label file below the dataset's folder, with "/". */
export type ListedItem = Omit<DatasetItem, "imagePath" | "domain">;

/** As many rows of a forgotten dataset go in one step, which takes some milliseconds. */
const SWEPT_ROWS = 5000;

export class DatasetStore {
  readonly #database: Database;
  readonly #changes: ImageChanges;
  readonly #counts: DatasetCounts;
  readonly #faults: ImageFaults;
  readonly #orders: ImageOrders;

  constructor(database: Database, changes: ImageChanges) {
    this.#database = database;
    this.#changes = changes;
    this.#counts = new DatasetCounts(database);
    this.#faults = new ImageFaults(database);
    this.#orders = new ImageOrders(database, changes);
  }

  /** In the order they were first opened. */
  list(): Dataset[] {
    return this.#database.all("SELECT * FROM dataset ORDER BY n").map((row) => this.#dataset(row));
  }

  find(id: DatasetId): Dataset | undefined {
    const row = this.#database.first("SELECT * FROM dataset WHERE id = ?", id);
    return row === undefined ? undefined : this.#dataset(row);
  }

  /** @throws AppError `workspace.unknown` */
  get(id: DatasetId): Dataset {
    return this.#dataset(this.#row(id));
  }

  findByPath(path: string): Dataset | undefined {
    const row = this.#database.first("SELECT * FROM dataset WHERE path = ?", path);
    return row === undefined ? undefined : this.#dataset(row);
  }

  /** Adds an empty dataset whose listing is to begin. A path belongs to one dataset. */
  add(dataset: NewDataset): Dataset {
    this.#database.run(
      `INSERT INTO dataset (id, name, path, layout, layout_name, is_sample, is_available, listing, notices, scan)
       VALUES (?, ?, ?, ?, ?, ?, 1, ?, '[]', 0)`,
      dataset.id,
      dataset.name,
      dataset.path,
      dataset.layout,
      dataset.layoutName,
      Number(dataset.isSample),
      jsonOf({ status: "listing", found: 0 }),
    );
    return this.get(dataset.id);
  }

  /** Its folder is somewhere else now, or was recognised as another layout. @throws AppError `workspace.unknown` */
  update(id: DatasetId, { path, layout, layoutName }: Pick<Dataset, "path" | "layout" | "layoutName">): Dataset {
    const { n } = this.#row(id);
    const sql = "UPDATE dataset SET path = ?, layout = ?, layout_name = ? WHERE n = ?";
    this.#database.run(sql, path, layout, layoutName, Number(n));
    return this.get(id);
  }

  setAvailable(id: DatasetId, isAvailable: boolean): Dataset {
    this.#database.run("UPDATE dataset SET is_available = ? WHERE id = ?", Number(isAvailable), id);
    return this.get(id);
  }

  /** What is there stays until the listing is complete. @throws AppError `workspace.unknown` */
  beginListing(id: DatasetId): Dataset {
    this.#database.run("UPDATE dataset SET scan = scan + 1 WHERE id = ?", id);
    return this.#setListing(id, { status: "listing", found: 0 });
  }

  /** Adds what is new and brings the rest up to date; a batch of 1000 takes some 20 ms. */
  addItems(id: DatasetId, items: readonly ListedItem[]): Dataset {
    this.#changes.images += 1;
    return this.#database.transaction(() => {
      const { n, scan, listing } = this.#row(id);
      const dataset = { id, n: Number(n), scan: Number(scan) };
      const added = items.filter((item) => this.#addItem(dataset, item));
      this.#counts.addItems(dataset.n, added);
      const found = foundSoFar(fromJson(listing)) + items.length;
      return this.#setListing(id, { status: "listing", found });
    });
  }

  /** Images that this listing did not find are forgotten. */
  completeListing(id: DatasetId, notices: readonly DatasetNotice[]): Dataset {
    this.#changes.images += 1;
    return this.#database.transaction(() => {
      const { n, scan } = this.#row(id);
      const gone = this.#database.all("SELECT * FROM image WHERE dataset = ? AND scan <> ?", Number(n), Number(scan));
      for (const image of gone) this.#removeImage(image);
      this.#counts.recount(Number(n));
      this.#faults.forget(Number(n));
      this.#database.run("UPDATE dataset SET notices = ? WHERE n = ?", jsonOf(notices), Number(n));
      return this.#setListing(id, { status: "complete" });
    });
  }

  /** What is there stays. */
  failListing(id: DatasetId, error: Failure): Dataset {
    return this.#setListing(id, { status: "failed", error });
  }

  /** Forgets the dataset at once; its rows go with `sweep`. @throws AppError `workspace.unknown` */
  remove(id: DatasetId): void {
    this.#database.transaction(() => {
      const { n } = this.#row(id);
      this.#database.run("INSERT INTO removed_dataset (n) VALUES (?)", Number(n));
      this.#database.run("DELETE FROM dataset WHERE n = ?", Number(n));
    });
  }

  /** Removes some rows of datasets that are gone. @returns whether there are more: call again, after a pause */
  sweep(): boolean {
    return this.#database.transaction(() => {
      const row = this.#database.first("SELECT n FROM removed_dataset LIMIT 1");
      if (row === undefined) return false;
      const dataset = Number(row.n);
      let left = SWEPT_ROWS;
      for (const [table, key] of SWEPT_TABLES) {
        const some = `SELECT ${key} FROM ${table} WHERE dataset = ? LIMIT ?`;
        left -= this.#database.run(`DELETE FROM ${table} WHERE (${key}) IN (${some})`, dataset, left);
        if (left <= 0) return true;
      }
      this.#database.run("DELETE FROM removed_dataset WHERE n = ?", dataset);
      return true;
    });
  }

  /** @throws AppError `workspace.unknown` */
  images(query: ImageQuery): ImagePage {
    const { n } = this.#row(query.datasetId);
    const places = this.#orders.of(query, Number(n));
    const { sql, values } = imageSql(query.runId);
    const items = [...places.subarray(query.offset, query.offset + query.limit)].flatMap((place) => {
      const row = this.#database.first(sql, ...values, place);
      return row === undefined ? [] : [imageFromRow(row, query.datasetId)];
    });
    return { total: places.length, items };
  }

  /** All that pass the filter, in the query's order. @throws AppError `workspace.unknown` */
  imageIds(query: ImageQuery): ImageId[] {
    const { n } = this.#row(query.datasetId);
    return Array.from(this.#orders.of(query, Number(n)), (place) => imageIdAt(query.datasetId, place));
  }

  /** Of those that are there; none of a dataset that is gone. Five thousand take some twenty milliseconds. */
  imageIdsByKey(id: DatasetId, keys: readonly string[]): Record<string, ImageId> {
    const dataset = this.#database.first("SELECT n FROM dataset WHERE id = ?", id);
    if (dataset === undefined) return {};
    // CROSS JOIN: the keys first, each looked up by the index. Left to itself SQLite goes through all images for each key.
    const sql = `SELECT image.n, image.key FROM json_each(?) AS asked CROSS JOIN image
      WHERE image.dataset = ? AND image.key = asked.value`;
    const rows = this.#database.all(sql, JSON.stringify(keys), Number(dataset.n));
    return Object.fromEntries(rows.map(({ n, key }) => [String(key), imageIdAt(id, Number(n))]));
  }

  /** @throws AppError `workspace.unknown` */
  image(id: ImageId): ImageItem {
    const row = this.#imageRow(id);
    return imageFromRow(row, row.dataset_id as DatasetId);
  }

  /** @throws AppError `workspace.unknown` */
  files(id: ImageId): ImageFiles {
    return filesFromRow(this.#imageRow(id));
  }

  setSize(id: ImageId, { width, height }: NonNullable<ImageItem["size"]>): void {
    const { n } = this.#imageRow(id);
    this.#database.run("UPDATE image SET width = ?, height = ? WHERE n = ?", width, height, Number(n));
  }

  /**
   * What is wrong with an image's file, or that of its labels; null: nothing. @returns whether anything is new
   *
   * @throws AppError `workspace.unknown`
   */
  setFault(id: ImageId, file: FaultyFile, fault: ImageFault | null): boolean {
    const { n, dataset } = this.#imageRow(id);
    return this.#faults.set({ dataset: Number(dataset), image: Number(n) }, file, fault);
  }

  /** Images with labels that nobody has looked into yet. */
  withoutClasses(id: DatasetId, limit: number): ImageFiles[] {
    const { n } = this.#row(id);
    const sql = `${IMAGE_SQL} WHERE image.dataset = ? AND image.classes_read = 0 ORDER BY image.n LIMIT ?`;
    return this.#database.all(sql, Number(n), limit).map(filesFromRow);
  }

  /** Train ids that occur in the image's labels; empty too when they can't be read, so that they are not tried again. @throws AppError `workspace.unknown` */
  setClasses(id: ImageId, trainIds: readonly number[]): void {
    this.#changes.classes += 1;
    this.#database.transaction(() => {
      const row = this.#imageRow(id);
      this.#removeClasses(row);
      const [n, dataset] = [Number(row.n), Number(row.dataset)];
      for (const trainId of new Set(trainIds)) {
        this.#database.run("INSERT INTO image_class (dataset, train_id, image) VALUES (?, ?, ?)", dataset, trainId, n);
        this.#counts.add(dataset, "class", String(trainId), 1);
      }
      this.#database.run("UPDATE image SET classes_read = 1 WHERE n = ?", n);
    });
  }

  #dataset(row: Row): Dataset {
    const dataset = Number(row.n);
    return datasetFromRow(row, this.#counts.of(dataset), this.#faults.of(dataset));
  }

  #row(id: DatasetId): Row {
    const row = this.#database.first("SELECT * FROM dataset WHERE id = ?", id);
    if (row === undefined) throw unknownDataset(id);
    return row;
  }

  /** With `dataset_id` and `root`. */
  #imageRow(id: ImageId): Row {
    const at = placeOf(id);
    const row = at && this.#database.first(`${IMAGE_SQL} WHERE image.n = ? AND dataset.id = ?`, at.place, at.datasetId);
    if (!row) throw unknownImage(id);
    return row;
  }

  #setListing(id: DatasetId, listing: Dataset["listing"]): Dataset {
    this.#database.run("UPDATE dataset SET listing = ? WHERE id = ?", jsonOf(listing), id);
    return this.get(id);
  }

  /** @returns whether it is new */
  #addItem(dataset: { id: DatasetId; n: number; scan: number }, item: ListedItem): boolean {
    // A first listing finds nothing that is there already.
    const sql = "SELECT * FROM image WHERE dataset = ? AND key = ?";
    const known = dataset.scan === 1 ? undefined : this.#database.first(sql, dataset.n, item.key);
    if (known === undefined) this.#insert(dataset, item);
    else this.#refresh(dataset, item, known);
    return known === undefined;
  }

  #insert({ id, n, scan }: { id: DatasetId; n: number; scan: number }, item: ListedItem): void {
    const image = this.#database.insert(
      `INSERT INTO image (dataset, key, folded_key, label_path, label_encoding, split, tags, classes_read, scan)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[n, item.key, foldedKey(item.key), ...columnsOf(item), Number(item.labelPath === null), scan],
    );
    this.#insertTags(n, image, item.tags);
    if (scan > 1) this.#adoptResults({ id, n }, image, item.key);
  }

  /** The image was here before, and gone for a while: its runs and what evaluations found are of the same file. */
  #adoptResults({ id, n }: { id: DatasetId; n: number }, image: number, key: string): void {
    const adopt = "UPDATE run SET image = ?, image_id = ? WHERE dataset_id = ? AND image_key = ?";
    const runs = this.#database.run(adopt, image, imageIdAt(id, image), id, key);
    const find = `SELECT 1 FROM scored_evaluation AS scored
      CROSS JOIN evaluation_score AS score ON score.evaluation = scored.evaluation AND score.key = ? WHERE dataset = ?`;
    if (runs > 0 || this.#database.first(find, key, n) !== undefined) scoreImage(this.#database, image);
  }

  /** Counts follow at the end of the listing. */
  #refresh({ n, scan }: { n: number; scan: number }, item: ListedItem, known: Row): void {
    const image = Number(known.n);
    if (known.tags !== JSON.stringify(item.tags)) {
      this.#removeTags(known);
      this.#insertTags(n, image, item.tags);
    }
    const hasSameLabels = known.label_path === item.labelPath && known.label_encoding === item.labelEncoding;
    if (!hasSameLabels) this.#removeClasses(known);
    const classesRead = hasSameLabels ? Number(known.classes_read) : Number(item.labelPath === null);
    this.#database.run(
      "UPDATE image SET label_path = ?, label_encoding = ?, split = ?, tags = ?, classes_read = ?, scan = ? WHERE n = ?",
      ...[...columnsOf(item), classesRead, scan, image],
    );
  }

  #insertTags(dataset: number, image: number, tags: readonly string[]): void {
    const sql = "INSERT OR IGNORE INTO image_tag (dataset, tag, image) VALUES (?, ?, ?)";
    for (const tag of tags) this.#database.run(sql, dataset, tag, image);
  }

  #removeTags(image: Row): void {
    const sql = "DELETE FROM image_tag WHERE dataset = ? AND tag = ? AND image = ?";
    for (const tag of tagsOf(image)) this.#database.run(sql, Number(image.dataset), tag, Number(image.n));
  }

  #removeClasses(image: Row): void {
    const [dataset, n] = [Number(image.dataset), Number(image.n)];
    for (const { trainId } of this.#counts.of(dataset).classes) {
      const sql = "DELETE FROM image_class WHERE dataset = ? AND train_id = ? AND image = ?";
      const removed = this.#database.run(sql, dataset, trainId, n);
      if (removed > 0) this.#counts.add(dataset, "class", String(trainId), -removed);
    }
  }

  #removeImage(image: Row): void {
    this.#removeTags(image);
    this.#removeClasses(image);
    this.#database.run("DELETE FROM image WHERE n = ?", Number(image.n));
  }
}

/** Each with its primary key; images last, because they are what the others belong to. */
const SWEPT_TABLES = [
  ["image_class", "dataset, train_id, image"],
  ["image_tag", "dataset, tag, image"],
  ["image_fault", "image, file"],
  ["dataset_count", "dataset, kind, name"],
  ["image_embedding", "dataset, checkpoint, key"],
  ["image", "n"],
] as const;

const IMAGE_SQL = `
  SELECT image.*, dataset.id AS dataset_id, dataset.path AS root FROM image JOIN dataset ON dataset.n = image.dataset`;

function columnsOf({ labelPath, labelEncoding, split, tags }: ListedItem): SQLInputValue[] {
  return [labelPath, labelEncoding, split, JSON.stringify(tags)];
}

function filesFromRow(row: Row): ImageFiles {
  const { n, dataset_id, root, key, label_path, label_encoding } = row;
  return {
    id: imageIdAt(dataset_id as DatasetId, Number(n)),
    datasetId: dataset_id as DatasetId,
    root: String(root),
    key: String(key),
    labels: label_path === null ? null : { path: String(label_path), encoding: label_encoding as DatasetEncoding },
  };
}

function tagsOf(image: Row): readonly string[] {
  return fromJson(image.tags) as string[]; // written by us from a list of them
}

function foundSoFar(listing: unknown): number {
  const { status, found } = listing as Dataset["listing"] & { found?: number };
  if (status !== "listing" || found === undefined) throw new BugError("items of a dataset that is not being listed");
  return found;
}

function unknownDataset(id: DatasetId): AppError {
  return new AppError("workspace.unknown", `No dataset has the id ${id}; it may have been removed in another window.`);
}

function unknownImage(id: ImageId): AppError {
  return new AppError(
    "workspace.unknown",
    `No image has the id ${id}; its dataset may have been removed or listed again.`,
  );
}

// Files of a dataset that could not be read when somebody looked at them: what the listing of a folder can't know.
import type { DatasetNotice } from "../../src-shared/contract/workbench/datasets.ts";
import type { Database } from "./database.ts";

/** The file that is at fault: the image itself, or its labels. */
export type FaultyFile = "image" | "labels";

export type ImageFault = Pick<DatasetNotice, "code" | "message">;

export class ImageFaults {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One line for all files with the same fault, with the sentence of the first one. @param dataset  its place in the table */
  of(dataset: number): DatasetNotice[] {
    const sql = `SELECT code, message, count(*) AS count, min(image) FROM image_fault
      WHERE dataset = ? GROUP BY code ORDER BY min(image)`;
    return this.#database
      .all(sql, dataset)
      .map(({ code, message, count }) => ({ code: String(code), message: String(message), count: Number(count) }));
  }

  /** @param fault  null: the file can be read. @returns whether anything is new */
  set(
    place: { readonly dataset: number; readonly image: number },
    file: FaultyFile,
    fault: ImageFault | null,
  ): boolean {
    const { dataset, image } = place;
    if (fault === null)
      return this.#database.run("DELETE FROM image_fault WHERE image = ? AND file = ?", image, file) > 0;
    const sql = `INSERT INTO image_fault (image, file, dataset, code, message) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET code = excluded.code, message = excluded.message
      WHERE code <> excluded.code OR message <> excluded.message`;
    return this.#database.run(sql, image, file, dataset, fault.code, fault.message) > 0;
  }

  /** After a listing: everything is looked at anew, labels as well. */
  forget(dataset: number): void {
    const labels = "SELECT image FROM image_fault WHERE dataset = ? AND file = 'labels'";
    this.#database.run(`UPDATE image SET classes_read = 0 WHERE n IN (${labels})`, dataset);
    this.#database.run("DELETE FROM image_fault WHERE dataset = ?", dataset);
  }
}

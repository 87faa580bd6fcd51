// Checkpoints in the workspace: what was found in each file, so that it is read once.
import { z } from "zod";
import { AppError } from "../../src-shared/contract/errors.ts";
import {
  type Checkpoint,
  type CheckpointKey,
  checkpointKeySchema,
  checkpointSchema,
} from "../../src-shared/contract/workbench/checkpoints.ts";
import type { CheckpointId } from "../../src-shared/contract/workbench/ids.ts";
import { type Database, fromJson, jsonOf, type Row } from "./database.ts";

export class CheckpointStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** In the order they were first opened. */
  list(): Checkpoint[] {
    return this.#database.all("SELECT body FROM checkpoint ORDER BY n").map(checkpointFromRow);
  }

  find(id: CheckpointId): Checkpoint | undefined {
    const row = this.#database.first("SELECT body FROM checkpoint WHERE id = ?", id);
    return row === undefined ? undefined : checkpointFromRow(row);
  }

  /** @throws AppError `workspace.unknown` */
  get(id: CheckpointId): Checkpoint {
    const checkpoint = this.find(id);
    if (checkpoint === undefined) throw unknownCheckpoint(id);
    return checkpoint;
  }

  findByPath(path: string): Checkpoint | undefined {
    const row = this.#database.first("SELECT body FROM checkpoint WHERE path = ?", path);
    return row === undefined ? undefined : checkpointFromRow(row);
  }

  /** @throws AppError `workspace.unknown` */
  keys(id: CheckpointId): CheckpointKey[] {
    const row = this.#database.first("SELECT keys FROM checkpoint WHERE id = ?", id);
    if (row === undefined) throw unknownCheckpoint(id);
    return z.array(checkpointKeySchema).parse(fromJson(row.keys));
  }

  /** Adds it, or replaces what was known of the same id. A path belongs to one checkpoint. */
  save(checkpoint: Checkpoint, keys: readonly CheckpointKey[]): void {
    this.#database.run(
      `INSERT INTO checkpoint (id, path, body, keys) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET path = excluded.path, body = excluded.body, keys = excluded.keys`,
      checkpoint.id,
      checkpoint.path,
      jsonOf(checkpoint),
      jsonOf(keys),
    );
  }

  /** @throws AppError `workspace.unknown` */
  setAvailable(id: CheckpointId, isAvailable: boolean): Checkpoint {
    const checkpoint = { ...this.get(id), isAvailable };
    this.#database.run("UPDATE checkpoint SET body = ? WHERE id = ?", jsonOf(checkpoint), id);
    return checkpoint;
  }

  /** Forgets it; the file and the runs stay. @throws AppError `workspace.unknown` */
  remove(id: CheckpointId): void {
    if (this.#database.run("DELETE FROM checkpoint WHERE id = ?", id) === 0) throw unknownCheckpoint(id);
  }
}

function checkpointFromRow(row: Row): Checkpoint {
  return checkpointSchema.parse(fromJson(row.body));
}

function unknownCheckpoint(id: CheckpointId): AppError {
  return new AppError(
    "workspace.unknown",
    `No checkpoint has the id ${id}; it may have been removed in another window.`,
  );
}

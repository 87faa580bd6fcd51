// Tunings in the workspace: what each was started with, how far it is, how it ended. Its trials are in its folder.
import { AppError } from "../../src-shared/contract/errors.ts";
import type { TuningId } from "../../src-shared/contract/workbench/ids.ts";
import { type Tuning, tuningSchema } from "../../src-shared/contract/workbench/tunings.ts";
import { type Database, fromJson, jsonOf, type Row } from "./database.ts";
import { interruptionOf } from "./interruption-of.ts";

export type TuningChanges = Partial<
  Pick<Tuning, "status" | "startedAt" | "endedAt" | "doneBefore" | "error" | "result">
>;

export class TuningStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** In the order they were started. */
  list(): Tuning[] {
    return this.#database.all("SELECT status, body FROM tuning ORDER BY n").map(tuningFromRow);
  }

  /** @throws AppError `workspace.unknown` */
  get(id: TuningId): Tuning {
    const row = this.#database.first("SELECT status, body FROM tuning WHERE id = ?", id);
    if (row === undefined) throw unknownTuning(id);
    return tuningFromRow(row);
  }

  /** An id is used once. */
  create(tuning: Tuning): void {
    const { status, ...body } = tuning;
    this.#database.run("INSERT INTO tuning (id, status, body) VALUES (?, ?, ?)", tuning.id, status, jsonOf(body));
  }

  /** @throws AppError `workspace.unknown` */
  update(id: TuningId, changes: TuningChanges): Tuning {
    const tuning = { ...this.get(id), ...changes };
    const { status, ...body } = tuning;
    this.#database.run("UPDATE tuning SET status = ?, body = ? WHERE id = ?", status, jsonOf(body), id);
    return tuning;
  }

  /** Its folder is removed with `JobFolders.remove`. @throws AppError `workspace.unknown` */
  remove(id: TuningId): void {
    if (this.#database.run("DELETE FROM tuning WHERE id = ?", id) === 0) throw unknownTuning(id);
  }

  /** What was waiting or running when the program ended. @returns how many there were */
  interruptUnfinished(): number {
    const { before, during } = interruptionOf("tuning");
    const sql =
      "UPDATE tuning SET status = 'interrupted', body = json_set(body, '$.error', json(iif(status = 'queued', ?, ?))) WHERE status IN ('queued', 'running')";
    return this.#database.run(sql, jsonOf(before), jsonOf(during));
  }
}

function tuningFromRow({ status, body }: Row): Tuning {
  return tuningSchema.parse({ ...Object(fromJson(body)), status });
}

function unknownTuning(id: TuningId): AppError {
  return new AppError("workspace.unknown", `No tuning has the id ${id}; it may have been removed in another window.`);
}

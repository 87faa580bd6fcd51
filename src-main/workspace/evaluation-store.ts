// Evaluations in the workspace: what each was started with, how far it is, how it ended. Its figures are in its folder.
import { AppError } from "../../src-shared/contract/errors.ts";
import { type Evaluation, evaluationSchema } from "../../src-shared/contract/workbench/evaluations.ts";
import type { EvaluationId } from "../../src-shared/contract/workbench/ids.ts";
import { type Database, fromJson, jsonOf, type Row } from "./database.ts";
import { interruptionOf } from "./interruption-of.ts";

export type EvaluationChanges = Partial<
  Pick<Evaluation, "status" | "startedAt" | "endedAt" | "error" | "done" | "images" | "failed" | "miou" | "ece">
>;

export class EvaluationStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** In the order they were started. */
  list(): Evaluation[] {
    return this.#database.all("SELECT status, body FROM evaluation ORDER BY n").map(evaluationFromRow);
  }

  find(id: EvaluationId): Evaluation | undefined {
    const row = this.#database.first("SELECT status, body FROM evaluation WHERE id = ?", id);
    return row === undefined ? undefined : evaluationFromRow(row);
  }

  /** @throws AppError `workspace.unknown` */
  get(id: EvaluationId): Evaluation {
    const evaluation = this.find(id);
    if (evaluation === undefined) throw unknownEvaluation(id);
    return evaluation;
  }

  /** An id is used once. */
  create(evaluation: Evaluation): void {
    const { status, ...body } = evaluation;
    this.#database.run(
      "INSERT INTO evaluation (id, status, body) VALUES (?, ?, ?)",
      evaluation.id,
      status,
      jsonOf(body),
    );
  }

  /** @throws AppError `workspace.unknown` */
  update(id: EvaluationId, changes: EvaluationChanges): Evaluation {
    const evaluation = { ...this.get(id), ...changes };
    const { status, ...body } = evaluation;
    this.#database.run("UPDATE evaluation SET status = ?, body = ? WHERE id = ?", status, jsonOf(body), id);
    return evaluation;
  }

  /** Its folder is removed with `JobFolders.remove`. @throws AppError `workspace.unknown` */
  remove(id: EvaluationId): void {
    if (this.#database.run("DELETE FROM evaluation WHERE id = ?", id) === 0) throw unknownEvaluation(id);
  }

  /** What was waiting or running when the program ended. @returns how many there were */
  interruptUnfinished(): number {
    const error = "json(iif(status = 'queued', ?, ?))";
    const sql = `UPDATE evaluation SET status = 'interrupted', body = json_set(body, '$.error', ${error}) WHERE status IN ('queued', 'running')`;
    const { before, during } = interruptionOf("evaluation");
    return this.#database.run(sql, jsonOf(before), jsonOf(during));
  }
}

function evaluationFromRow({ status, body }: Row): Evaluation {
  return evaluationSchema.parse({ ...Object(fromJson(body)), status });
}

function unknownEvaluation(id: EvaluationId): AppError {
  return new AppError(
    "workspace.unknown",
    `No evaluation has the id ${id}; it may have been removed in another window.`,
  );
}

// Evaluations in the workspace: what each was started with, how far it is, how it ended, and its images' own figures, which
// the grid sorts by. All other figures are in its folder.
import { AppError } from "../../src-shared/contract/errors.ts";
import type { ImageScores } from "../../src-shared/contract/workbench/datasets.ts";
import { type Evaluation, evaluationSchema } from "../../src-shared/contract/workbench/evaluations.ts";
import type { EvaluationId } from "../../src-shared/contract/workbench/ids.ts";
import { type Database, fromJson, jsonOf, type Row } from "./database.ts";
import type { ImageChanges } from "./image-order.ts";
import { interruptionOf } from "./interruption-of.ts";
import { scoreImage } from "./score-image.ts";

export type EvaluationChanges = Partial<
  Pick<Evaluation, "status" | "startedAt" | "endedAt" | "error" | "done" | "images" | "failed" | "miou" | "ece">
>;

/** What an evaluation found of one image. */
export interface EvaluatedScores {
  readonly key: string;
  readonly miou: ImageScores["miou"];
  readonly entropy: number;
  readonly confidence: number;
}

/** The figures of so many images go in one step, which takes some 75 ms. */
const SWEPT_SCORES = 5000;

export class EvaluationStore {
  readonly #database: Database;
  readonly #changes: ImageChanges;

  constructor(database: Database, changes: ImageChanges) {
    this.#database = database;
    this.#changes = changes;
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

  /**
   * Its images get the figures of what came before. Its folder is removed with `JobFolders.remove`; of one with many
   * images first sweep up the scores. @throws AppError `workspace.unknown`
   */
  remove(id: EvaluationId): void {
    this.#database.transaction(() => {
      while (this.sweepScores(id));
      if (this.#database.run("DELETE FROM evaluation WHERE id = ?", id) === 0) throw unknownEvaluation(id);
    });
  }

  /**
   * They become the scores of images that have no newer result. Five thousand take some 75 ms: give more in parts.
   * Nothing happens when the dataset is gone.
   *
   * @throws AppError `workspace.unknown`
   */
  addScores(id: EvaluationId, scores: readonly EvaluatedScores[]): void {
    this.#changes.scores += 1;
    this.#database.transaction(() => {
      const at = this.#beginScores(id);
      if (at === null) return;
      const sql =
        "INSERT OR REPLACE INTO evaluation_score (evaluation, key, miou, entropy, confidence) VALUES (?, ?, ?, ?, ?)";
      for (const { key, miou, entropy, confidence } of scores) {
        this.#database.run(sql, at.evaluation, key, miou, entropy, confidence);
      }
      this.#scoreImages(
        at.dataset,
        scores.map(({ key }) => key),
      );
    });
  }

  /** The scores of all images that were done are there. @param done  as the evaluation had it when they were read */
  endScores(id: EvaluationId, done: number): void {
    const sql = "UPDATE scored_evaluation SET done = ? WHERE evaluation = (SELECT n FROM evaluation WHERE id = ?)";
    this.#database.run(sql, done, id);
  }

  /** Those that stopped and whose dataset is there, with images done that have no scores yet. */
  unscored(): EvaluationId[] {
    const rows = this.#database.all(
      `SELECT evaluation.id FROM evaluation
       JOIN dataset ON dataset.id = body ->> '$.datasetId'
       LEFT JOIN scored_evaluation ON scored_evaluation.evaluation = evaluation.n
       WHERE status NOT IN ('queued', 'running') AND body ->> '$.done' <> coalesce(scored_evaluation.done, 0)
       ORDER BY evaluation.n`,
    );
    return rows.map((row) => row.id as EvaluationId);
  }

  /** Takes away the scores of some of its images. @returns whether there may be more: call again, after a pause */
  sweepScores(id: EvaluationId): boolean {
    return this.#database.transaction(() => {
      const sql =
        "SELECT evaluation, dataset FROM scored_evaluation WHERE evaluation = (SELECT n FROM evaluation WHERE id = ?)";
      const scored = this.#database.first(sql, id);
      if (scored === undefined) return false;
      const evaluation = Number(scored.evaluation);
      const some = "SELECT key FROM evaluation_score WHERE evaluation = ? LIMIT ?";
      const keys = this.#database.all(some, evaluation, SWEPT_SCORES).map(({ key }) => String(key));
      for (const key of keys) {
        this.#database.run("DELETE FROM evaluation_score WHERE evaluation = ? AND key = ?", evaluation, key);
      }
      this.#scoreImages(Number(scored.dataset), keys);
      this.#changes.scores += 1;
      // One that is cut off in the middle has to be scored again.
      this.#database.run("UPDATE scored_evaluation SET done = 0 WHERE evaluation = ?", evaluation);
      if (keys.length < SWEPT_SCORES) {
        this.#database.run("DELETE FROM scored_evaluation WHERE evaluation = ?", evaluation);
      }
      return true;
    });
  }

  /** What was waiting or running when the program ended. @returns how many there were */
  interruptUnfinished(): number {
    const error = "json(iif(status = 'queued', ?, ?))";
    const sql = `UPDATE evaluation SET status = 'interrupted', body = json_set(body, '$.error', ${error}) WHERE status IN ('queued', 'running')`;
    const { before, during } = interruptionOf("evaluation");
    return this.#database.run(sql, jsonOf(before), jsonOf(during));
  }

  /** @returns the places of evaluation and dataset; null when the dataset is gone */
  #beginScores(id: EvaluationId): { evaluation: number; dataset: number } | null {
    const { datasetId, checkpointId, config, endedAt, startedAt, createdAt } = this.get(id);
    const sql =
      "SELECT evaluation.n AS evaluation, dataset.n AS dataset FROM evaluation, dataset WHERE evaluation.id = ? AND dataset.id = ?";
    const row = this.#database.first(sql, id, datasetId);
    if (row === undefined) return null;
    const at = { evaluation: Number(row.evaluation), dataset: Number(row.dataset) };
    this.#database.run(
      `INSERT INTO scored_evaluation (evaluation, dataset, checkpoint_id, method, scored_at, done) VALUES (?, ?, ?, ?, ?, 0)
       ON CONFLICT DO UPDATE SET scored_at = excluded.scored_at, done = 0`,
      ...[at.evaluation, at.dataset, checkpointId, config.method, endedAt ?? startedAt ?? createdAt],
    );
    return at;
  }

  #scoreImages(dataset: number, keys: readonly string[]): void {
    for (const key of keys) {
      const row = this.#database.first("SELECT n FROM image WHERE dataset = ? AND key = ?", dataset, key);
      if (row !== undefined) scoreImage(this.#database, Number(row.n));
    }
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

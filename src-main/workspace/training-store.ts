// Trainings in the workspace: what each was started with, how far it is, its curve, how it ended. Its weights are in its
// folder.
import { AppError } from "../../src-shared/contract/errors.ts";
import type { TrainingId } from "../../src-shared/contract/workbench/ids.ts";
import {
  type Training,
  type TrainingCurves,
  trainingCurvesSchema,
  trainingSchema,
} from "../../src-shared/contract/workbench/trainings.ts";
import { type Database, fromJson, jsonOf, type Row } from "./database.ts";
import { interruptionOf } from "./interruption-of.ts";
import { type CurvePoint, decimated, STEPS_PER_BLOCK, StepBlock } from "./step-blocks.ts";

export type TrainingChanges = Partial<
  Omit<Training, "id" | "name" | "data" | "validation" | "initialCheckpointId" | "config" | "machine" | "createdAt">
>;
export type Validation = TrainingCurves["validations"][number];
export type Preview = TrainingCurves["previews"][number];

export class TrainingStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** In the order they were started. */
  list(): Training[] {
    return this.#database.all("SELECT status, body FROM training ORDER BY n").map(trainingFromRow);
  }

  find(id: TrainingId): Training | undefined {
    const row = this.#database.first("SELECT status, body FROM training WHERE id = ?", id);
    return row === undefined ? undefined : trainingFromRow(row);
  }

  /** @throws AppError `workspace.unknown` */
  get(id: TrainingId): Training {
    const training = this.find(id);
    if (training === undefined) throw unknownTraining(id);
    return training;
  }

  /** An id is used once. */
  create(training: Training): void {
    const { status, ...body } = training;
    this.#database.run("INSERT INTO training (id, status, body) VALUES (?, ?, ?)", training.id, status, jsonOf(body));
  }

  /** @throws AppError `workspace.unknown` */
  update(id: TrainingId, changes: TrainingChanges): Training {
    const training = { ...this.get(id), ...changes };
    const { status, ...body } = training;
    this.#database.run("UPDATE training SET status = ?, body = ? WHERE id = ?", status, jsonOf(body), id);
    return training;
  }

  /** Points of the curves; a step that is told again, after an interruption, takes the place of the first. */
  addSteps(id: TrainingId, points: readonly CurvePoint[]): void {
    this.#database.transaction(() => {
      const training = this.#number(id);
      const ofBlock = Map.groupBy(points, ({ step }) => Math.floor((step - 1) / STEPS_PER_BLOCK));
      for (const [block, own] of ofBlock) {
        for (const name of new Set(own.flatMap(({ metrics }) => Object.keys(metrics)))) {
          const sql = "SELECT points FROM training_metric WHERE training = ? AND name = ? AND block = ?";
          const known = this.#database.first(sql, training, name, block);
          const values = StepBlock.from(block, known?.points as Uint8Array | undefined);
          // A step that is told again has no more what it does not tell now.
          for (const { step, metrics } of own) values.set(step, metrics[name] ?? Number.NaN);
          this.#database.run(
            "INSERT OR REPLACE INTO training_metric (training, name, block, points) VALUES (?, ?, ?, ?)",
            training,
            name,
            block,
            values.bytes,
          );
        }
      }
    });
  }

  addValidation(id: TrainingId, validation: Validation): void {
    this.#database.run(
      "INSERT OR REPLACE INTO training_validation (training, epoch, body) VALUES (?, ?, ?)",
      this.#number(id),
      validation.epoch,
      jsonOf(validation),
    );
  }

  /** Its file is there already. */
  addPreview(id: TrainingId, { step, name, width, height, hasPicture }: Preview): void {
    this.#database.run(
      "INSERT OR REPLACE INTO training_preview (training, step, name, width, height, has_picture) VALUES (?, ?, ?, ?, ?, ?)",
      this.#number(id),
      step,
      name,
      width,
      height,
      Number(hasPicture),
    );
  }

  /** @param maxPoints  of a curve; more steps than that are put together */
  curves(id: TrainingId, maxPoints: number): TrainingCurves {
    const training = this.#number(id);
    const blocks = this.#database
      .all("SELECT name, block, points FROM training_metric WHERE training = ? ORDER BY name, block", training)
      .map(({ name, block, points }) => ({
        name: String(name),
        block: StepBlock.from(Number(block), points as Uint8Array),
      }));
    const ofMetric = new Map(
      [...Map.groupBy(blocks, ({ name }) => name)].map(([name, own]) => [name, own.map(({ block }) => block)]),
    );
    const validations = this.#database
      .all("SELECT body FROM training_validation WHERE training = ? ORDER BY epoch", training)
      .map(({ body }) => fromJson(body));
    const previews = this.#database
      .all("SELECT * FROM training_preview WHERE training = ? ORDER BY step, name", training)
      .map(({ has_picture: hasPicture, ...preview }) => ({ ...preview, hasPicture: hasPicture === 1 }));
    return trainingCurvesSchema.parse({ ...decimated(ofMetric, maxPoints), validations, previews });
  }

  /** Its folder is removed with `JobFolders.remove`. @throws AppError `workspace.unknown` */
  remove(id: TrainingId): void {
    if (this.#database.run("DELETE FROM training WHERE id = ?", id) === 0) throw unknownTraining(id);
  }

  /** What was waiting or running when the program ended. @returns how many there were */
  interruptUnfinished(): number {
    const error = "json(iif(status = 'queued', ?, ?))";
    const sql = `UPDATE training SET status = 'interrupted', body = json_set(body, '$.error', ${error}) WHERE status IN ('queued', 'running')`;
    const { before, during } = interruptionOf("training");
    return this.#database.run(sql, jsonOf(before), jsonOf(during));
  }

  #number(id: TrainingId): number {
    const row = this.#database.first("SELECT n FROM training WHERE id = ?", id);
    if (row === undefined) throw unknownTraining(id);
    return Number(row.n);
  }
}

function trainingFromRow({ status, body }: Row): Training {
  const training = trainingSchema.parse({ ...Object(fromJson(body)), status });
  // What was paused when the program ended is not held by anybody.
  return { ...training, isPaused: training.isPaused && status === "running" };
}

function unknownTraining(id: TrainingId): AppError {
  return new AppError("workspace.unknown", `No training has the id ${id}; it may have been removed in another window.`);
}

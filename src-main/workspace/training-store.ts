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

  /** Points of the curve; a step that is told again, after an interruption, takes the place of the first. */
  addSteps(id: TrainingId, points: readonly CurvePoint[]): void {
    this.#database.transaction(() => {
      const training = this.#number(id);
      const ofBlock = Map.groupBy(points, ({ step }) => Math.floor((step - 1) / STEPS_PER_BLOCK));
      for (const [block, own] of ofBlock) {
        const sql = "SELECT points FROM training_steps WHERE training = ? AND block = ?";
        const known = this.#database.first(sql, training, block);
        const steps = StepBlock.from(block, known?.points as Uint8Array | undefined);
        for (const point of own) steps.set(point);
        this.#database.run(
          "INSERT OR REPLACE INTO training_steps (training, block, points) VALUES (?, ?, ?)",
          training,
          block,
          steps.bytes,
        );
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
  addPreview(id: TrainingId, { step, width, height }: Preview): void {
    this.#database.run(
      "INSERT OR REPLACE INTO training_preview (training, step, width, height) VALUES (?, ?, ?, ?)",
      this.#number(id),
      step,
      width,
      height,
    );
  }

  /** @param maxPoints  of the curve of losses; more steps than that are put together */
  curves(id: TrainingId, maxPoints: number): TrainingCurves {
    const training = this.#number(id);
    const blocks = this.#database
      .all("SELECT block, points FROM training_steps WHERE training = ? ORDER BY block", training)
      .map(({ block, points }) => StepBlock.from(Number(block), points as Uint8Array));
    const validations = this.#database
      .all("SELECT body FROM training_validation WHERE training = ? ORDER BY epoch", training)
      .map(({ body }) => fromJson(body));
    const previews = this.#database.all(
      "SELECT step, width, height FROM training_preview WHERE training = ? ORDER BY step",
      training,
    );
    return trainingCurvesSchema.parse({ ...decimated(blocks, maxPoints), validations, previews });
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

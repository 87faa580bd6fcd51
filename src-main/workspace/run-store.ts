// Runs in the workspace: written as they go, so that after any crash what was finished is there.
import type { SQLInputValue } from "node:sqlite";
import { AppError } from "../../src-shared/contract/errors.ts";
import type { RunEvent } from "../../src-shared/contract/run-events.ts";
import type { CheckpointId, GroupId, ImageId, RunId } from "../../src-shared/contract/workbench/ids.ts";
import type {
  RunList,
  RunPoints,
  RunPointsQuery,
  RunQuery,
  RunSection,
  RunSectionQuery,
} from "../../src-shared/contract/workbench/run-query.ts";
import {
  type Comparison,
  type ComparisonQuery,
  type KeptIteration,
  type ReferencePrediction,
  type Run,
  type RunCost,
  type RunGroup,
  type RunStatus,
  type RunSummary,
  runCostSchema,
  runGroupSchema,
} from "../../src-shared/contract/workbench/runs.ts";
import { compareRuns } from "./compare-runs.ts";
import { type Database, fromJson, jsonOf, type Row } from "./database.ts";
import type { ImageChanges } from "./image-order.ts";
import { interruptionOf } from "./interruption-of.ts";
import { listRuns, runPoints, runSections } from "./list-runs.ts";
import { placeOf } from "./new-id.ts";
import { noCounts, runFromRows, summaryFromRow } from "./run-rows.ts";
import { scoreImage } from "./score-image.ts";

/** What a run gets while it goes on, besides losses, views and kept iterations. */
export type RunChanges = Partial<Pick<Run, "size" | "pseudoLabel" | "provenance" | "lastEvent" | "notes">>;

/** How a run ends: exactly once, with one of these. */
export type RunEnd =
  | { readonly status: "finished" | "cancelled"; readonly endedAt: number }
  | { readonly status: "failed" | "interrupted"; readonly endedAt: number; readonly error: NonNullable<Run["error"]> };

export type NewRunGroup = Omit<RunGroup, "counts">;

export class RunStore {
  readonly #database: Database;
  readonly #changes: ImageChanges;

  constructor(database: Database, changes: ImageChanges) {
    this.#database = database;
    this.#changes = changes;
  }

  /** Adds a run that waits; an id is used once. */
  create(run: Run): void {
    this.createMany([run]);
  }

  /** Adds all or none. Ten thousand take about a quarter of a second: give larger batches in parts. */
  createMany(runs: readonly Run[]): void {
    this.#database.transaction(() => {
      for (const run of runs) this.#insert(run);
    });
  }

  find(id: RunId): Run | undefined {
    const row = this.#database.first("SELECT * FROM run WHERE id = ?", id);
    if (row === undefined) return undefined;
    return runFromRows(row, {
      losses: this.#database.all("SELECT loss FROM run_loss WHERE run = ? ORDER BY iteration", numberOf(row)),
      kept: this.#database.all("SELECT body FROM run_kept WHERE run = ? ORDER BY iteration", numberOf(row)),
      views: this.#database.all("SELECT body FROM run_view WHERE run = ? ORDER BY view", numberOf(row)),
    });
  }

  /** @throws AppError `workspace.unknown` */
  get(id: RunId): Run {
    const run = this.find(id);
    if (run === undefined) throw unknownRun(id);
    return run;
  }

  /** @throws AppError `workspace.unknown` */
  summary(id: RunId): RunSummary {
    return summaryFromRow(this.#row(id));
  }

  list(query: RunQuery): RunList {
    return listRuns(this.#database, query);
  }

  sections(query: RunSectionQuery): RunSection[] {
    return runSections(this.#database, query);
  }

  points(query: RunPointsQuery): RunPoints {
    return runPoints(this.#database, query);
  }

  /** Runs in the order they were created: of a status, of a group, or both. */
  ids({ status, groupId }: { status?: RunStatus; groupId?: GroupId }): RunId[] {
    const conditions: string[] = ["1"];
    const values: SQLInputValue[] = [];
    if (status !== undefined) {
      conditions.push("status = ?");
      values.push(status);
    }
    if (groupId !== undefined) {
      conditions.push("group_id = ?");
      values.push(groupId);
    }
    const rows = this.#database.all(`SELECT id FROM run WHERE ${conditions.join(" AND ")} ORDER BY n`, ...values);
    return rows.map((row) => row.id as RunId);
  }

  /** From "queued" to "running". */
  start(id: RunId, startedAt: number): RunSummary {
    this.#set(id, { status: "running", started_at: startedAt });
    return this.summary(id);
  }

  update(id: RunId, changes: RunChanges): RunSummary {
    this.#set(id, columnsOf(changes));
    return this.summary(id);
  }

  setLastEvent(id: RunId, event: RunEvent): void {
    this.#set(id, { last_event: jsonOf(event) });
  }

  /** @param iteration  from 1; losses come in order */
  appendLoss(id: RunId, iteration: number, loss: number): void {
    this.#database.transaction(() => {
      const run = this.#number(id);
      this.#database.run(
        "INSERT OR REPLACE INTO run_loss (run, iteration, loss) VALUES (?, ?, ?)",
        run,
        iteration,
        loss,
      );
      this.#set(id, { last_loss: loss });
    });
  }

  addView(id: RunId, view: Run["views"][number]): void {
    const run = this.#number(id);
    this.#database.run(
      "INSERT OR REPLACE INTO run_view (run, view, body) VALUES (?, ?, ?)",
      run,
      view.index,
      jsonOf(view),
    );
  }

  /** Its planes are on disk already. Figures of the run follow: iteration 0 is "before", the last one "after". */
  addKept(id: RunId, kept: KeptIteration): RunSummary {
    this.#database.transaction(() => {
      const run = this.#number(id);
      const { iteration, scores } = kept;
      const sql = "INSERT OR REPLACE INTO run_kept (run, iteration, body) VALUES (?, ?, ?)";
      this.#database.run(sql, run, iteration, jsonOf(kept));
      if (iteration === 0) this.#set(id, { scores_before: jsonOf(scores), miou_before: scores?.miou ?? null });
      const later = this.#database.first("SELECT 1 FROM run_kept WHERE run = ? AND iteration > ?", run, iteration);
      if (later !== undefined) return;
      this.#set(id, {
        scores_after: jsonOf(scores),
        miou_after: scores?.miou ?? null,
        entropy_after: kept.meanEntropy,
        confidence_after: kept.meanConfidence,
      });
    });
    return this.summary(id);
  }

  /** Its planes, if it has any, are on disk already. */
  addReference(id: RunId, reference: ReferencePrediction): RunSummary {
    const others = this.get(id).references.filter(({ kind }) => kind !== reference.kind);
    const stored = reference.kind === "stored" ? { miou_stored: reference.scores?.miou ?? null } : {};
    this.#set(id, { reference_predictions: jsonOf([...others, reference]), ...stored });
    return this.summary(id);
  }

  /** Ends a run; the figures of a finished one become those of its image. */
  end(id: RunId, end: RunEnd): RunSummary {
    const error = "error" in end ? jsonOf(end.error) : null;
    this.#database.transaction(() => {
      this.#set(id, { status: end.status, ended_at: end.endedAt, error });
      if (end.status === "finished") this.#scoreImage(this.summary(id).image.id);
    });
    return this.summary(id);
  }

  setNotes(id: RunId, notes: string): RunSummary {
    return this.update(id, { notes });
  }

  /** Its files are removed with `ArtifactStore.remove`. */
  remove(id: RunId): void {
    this.#database.transaction(() => {
      const imageId = this.summary(id).image.id;
      this.#database.run("DELETE FROM run WHERE id = ?", id);
      this.#scoreImage(imageId);
    });
  }

  createGroup(group: NewRunGroup): void {
    this.#database.run("INSERT INTO run_group (id, body) VALUES (?, ?)", group.id, jsonOf(group));
  }

  /** @throws AppError `workspace.unknown` */
  group(id: GroupId): RunGroup {
    const row = this.#database.first("SELECT body FROM run_group WHERE id = ?", id);
    if (row === undefined)
      throw new AppError("workspace.unknown", `No group of runs has the id ${id}; load the list again.`);
    const counts = this.#database.all(
      "SELECT group_id, status, count(*) AS count FROM run WHERE group_id = ? GROUP BY status",
      id,
    );
    return groupFromRows(row, counts);
  }

  /** The newest first; groups whose runs are all removed are left out. */
  groups(): RunGroup[] {
    const counts = this.#database.all(
      "SELECT group_id, status, count(*) AS count FROM run WHERE group_id IS NOT NULL GROUP BY group_id, status",
    );
    const ofGroup = Map.groupBy(counts, (row) => row.group_id);
    return this.#database.all("SELECT id, body FROM run_group ORDER BY n DESC").flatMap((row) => {
      const own = ofGroup.get(row.id);
      return own === undefined ? [] : [groupFromRows(row, own)];
    });
  }

  compare(query: ComparisonQuery): Comparison {
    return compareRuns(this.#database, query);
  }

  /** What the run's parts took. @throws AppError `workspace.unknown` */
  setCost(id: RunId, cost: RunCost): void {
    this.#set(id, { cost: jsonOf(cost) });
  }

  /** What the newest finished runs of a checkpoint took, for the estimate of another one. */
  costsOf(checkpointId: CheckpointId, limit: number): { run: Run; cost: RunCost }[] {
    const sql =
      "SELECT * FROM run WHERE checkpoint_id = ? AND status = 'finished' AND cost IS NOT NULL ORDER BY n DESC LIMIT ?";
    return this.#database.all(sql, checkpointId, limit).map((row) => ({
      run: runFromRows(row, { losses: [], kept: [], views: [] }),
      cost: runCostSchema.parse(fromJson(row.cost)),
    }));
  }

  /** What was waiting or running when the program ended. @returns how many there were */
  interruptUnfinished(): number {
    const sql =
      "UPDATE run SET status = 'interrupted', error = iif(status = 'queued', ?, ?) WHERE status IN ('queued', 'running')";
    const { before, during } = interruptionOf("run");
    return this.#database.run(sql, jsonOf(before), jsonOf(during));
  }

  #insert(run: Run): void {
    const columns = {
      id: run.id,
      group_id: run.groupId,
      status: run.status,
      method: run.method,
      image_id: run.image.id,
      image: placeOf(run.image.id)?.place ?? null,
      dataset_id: run.image.datasetId,
      image_key: run.image.key,
      checkpoint_id: run.checkpoint.id,
      checkpoint_name: run.checkpoint.name,
      num_classes: run.checkpoint.numClasses,
      label_set: run.checkpoint.labelSet === undefined ? null : jsonOf(run.checkpoint.labelSet),
      config: jsonOf(run.config),
      machine: jsonOf(run.machine),
      created_at: run.createdAt,
      started_at: run.startedAt,
      ended_at: run.endedAt,
      error: jsonOf(run.error),
      ...columnsOf(run),
    };
    const names = Object.keys(columns);
    const sql = `INSERT INTO run (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
    this.#database.run(sql, ...Object.values(columns));
    for (const [index, loss] of run.losses.entries()) this.appendLoss(run.id, index + 1, loss);
    for (const view of run.views) this.addView(run.id, view);
    for (const kept of run.kept) this.addKept(run.id, kept);
    for (const reference of run.references) this.addReference(run.id, reference);
    if (run.status === "finished") this.#scoreImage(run.image.id);
  }

  #set(id: RunId, columns: Readonly<Record<string, SQLInputValue>>): void {
    const names = Object.keys(columns);
    if (names.length === 0) return;
    const sql = `UPDATE run SET ${names.map((name) => `${name} = ?`).join(", ")} WHERE id = ?`;
    if (this.#database.run(sql, ...Object.values(columns), id) === 0) throw unknownRun(id);
  }

  #row(id: RunId): Row {
    const row = this.#database.first("SELECT * FROM run WHERE id = ?", id);
    if (row === undefined) throw unknownRun(id);
    return row;
  }

  #number(id: RunId): number {
    const row = this.#database.first("SELECT n FROM run WHERE id = ?", id);
    if (row === undefined) throw unknownRun(id);
    return numberOf(row);
  }

  #scoreImage(id: ImageId): void {
    this.#changes.scores += 1;
    const image = placeOf(id);
    if (image !== null) scoreImage(this.#database, image.place);
  }
}

function columnsOf(changes: RunChanges): Record<string, SQLInputValue> {
  const columns: Record<string, SQLInputValue> = {};
  if (changes.size !== undefined) columns.size = jsonOf(changes.size);
  if (changes.pseudoLabel !== undefined) columns.pseudo_label = jsonOf(changes.pseudoLabel);
  if (changes.provenance !== undefined) columns.provenance = jsonOf(changes.provenance);
  if (changes.lastEvent !== undefined) columns.last_event = jsonOf(changes.lastEvent);
  if (changes.notes !== undefined) columns.notes = changes.notes;
  return columns;
}

function groupFromRows(row: Row, counts: readonly Row[]): RunGroup {
  const known = Object.fromEntries(counts.map(({ status, count }) => [String(status), Number(count)]));
  return runGroupSchema.parse({ ...Object(fromJson(row.body)), counts: { ...noCounts(), ...known } });
}

function numberOf(row: Row): number {
  return Number(row.n);
}

function unknownRun(id: RunId): AppError {
  return new AppError("workspace.unknown", `No run has the id ${id}; it may have been removed in another window.`);
}

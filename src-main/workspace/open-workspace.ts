// Opens the folder that remembers everything: the database, the files of runs, thumbnails; one server at a time.
import { join } from "node:path";
import type { EvaluationId, TrainingId, TuningId } from "../../src-shared/contract/workbench/ids.ts";
import { makeFolders } from "../files/make-folders.ts";
import { ArtifactStore } from "./artifact-store.ts";
import { CheckpointStore } from "./checkpoint-store.ts";
import { DatasetStore } from "./dataset-store.ts";
import { EmbeddingStore } from "./embedding-store.ts";
import { EvaluationStore } from "./evaluation-store.ts";
import { ImageChanges } from "./image-order.ts";
import { JobFolders } from "./job-folders.ts";
import { closeDatabase, openDatabase } from "./open-database.ts";
import { PyramidCache } from "./pyramid-cache.ts";
import { RunStore } from "./run-store.ts";
import { SettingsStore } from "./settings-store.ts";
import { ThumbnailCache } from "./thumbnail-cache.ts";
import { TrainingStore } from "./training-store.ts";
import { TuningStore } from "./tuning-store.ts";
import { WorkspaceLock } from "./workspace-lock.ts";

export interface Workspace {
  /** Absolute. */
  readonly folder: string;
  readonly datasets: DatasetStore;
  readonly checkpoints: CheckpointStore;
  readonly embeddings: EmbeddingStore;
  readonly runs: RunStore;
  readonly evaluations: EvaluationStore;
  readonly trainings: TrainingStore;
  readonly tunings: TuningStore;
  readonly settings: SettingsStore;
  readonly artifacts: ArtifactStore;
  readonly evaluationFolders: JobFolders<EvaluationId>;
  readonly trainingFolders: JobFolders<TrainingId>;
  readonly tuningFolders: JobFolders<TuningId>;
  readonly thumbnails: ThumbnailCache;
  readonly pyramids: PyramidCache;
  /** What opening it noticed, in sentences for the user. */
  readonly notices: readonly string[];
  /** Says where this server is, for a second one on the same workspace. */
  announce(url: string): void;
  /** Keeps a backup of the database and lets go of the folder. */
  close(): void;
}

export interface WorkspaceOptions {
  readonly now?: () => Date;
}

/**
 * Makes the folder if it is not there. Runs, evaluations, trainings and tunings that were waiting or running when the
 * last program ended become "interrupted".
 *
 * @throws AppError `workspace.locked`, `workspace.newer`, `output.unwritable`, `output.diskFull`
 */
export async function openWorkspace(
  folder: string,
  { now = () => new Date() }: WorkspaceOptions = {},
): Promise<Workspace> {
  await makeFolders(folder);
  const lock = new WorkspaceLock(folder);
  try {
    const path = join(folder, "workspace.db");
    const { database, notices } = openDatabase(path, now());
    const changes = new ImageChanges();
    const runs = new RunStore(database, changes);
    const evaluations = new EvaluationStore(database, changes);
    const trainings = new TrainingStore(database);
    const tunings = new TuningStore(database);
    for (const store of [runs, evaluations, trainings, tunings]) store.interruptUnfinished();
    const artifacts = new ArtifactStore(folder);
    return {
      folder,
      datasets: new DatasetStore(database, changes),
      checkpoints: new CheckpointStore(database),
      embeddings: new EmbeddingStore(database, changes),
      runs,
      evaluations,
      trainings,
      tunings,
      settings: new SettingsStore(database),
      artifacts,
      evaluationFolders: new JobFolders(join(folder, "evaluations"), artifacts),
      trainingFolders: new JobFolders(join(folder, "trainings"), artifacts),
      tuningFolders: new JobFolders(join(folder, "tunings"), artifacts),
      thumbnails: new ThumbnailCache(join(folder, "thumbnails")),
      pyramids: new PyramidCache(join(folder, "pyramids")),
      notices,
      announce: (url) => lock.announce(url),
      close: () => {
        closeDatabase(database, path);
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

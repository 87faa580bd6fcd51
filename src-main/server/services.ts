// What the server asks of the rooms behind it: one interface a noun, so that routes are tested without them.

import type { ViewsConfig } from "../../src-shared/contract/adaptation-config.ts";
import type { Style } from "../../src-shared/contract/style.ts";
import type {
  ArchitectureDescription,
  Checkpoint,
  CheckpointKey,
  NetworkSize,
  TensorChange,
  TensorStatistics,
} from "../../src-shared/contract/workbench/checkpoints.ts";
import type { Dataset, ImageItem, ImagePage, ImageQuery } from "../../src-shared/contract/workbench/datasets.ts";
import type { EmbeddingKey, EmbeddingState } from "../../src-shared/contract/workbench/embeddings.ts";
import type {
  BenchmarkId,
  ConfusedImage,
  ConfusionCell,
  Evaluation,
  EvaluationEstimate,
  EvaluationResult,
  StartEvaluation,
  Submission,
  SubmissionPlan,
  WeightsForm,
  WrittenWeights,
} from "../../src-shared/contract/workbench/evaluations.ts";
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import type { Export, ExportPlan, ExportRequest } from "../../src-shared/contract/workbench/exports.ts";
import type {
  CheckpointId,
  DatasetId,
  EvaluationId,
  ExportId,
  GroupId,
  ImageId,
  RunId,
  TrainingId,
  TuningId,
} from "../../src-shared/contract/workbench/ids.ts";
import type { MoveInQueue, Queue, QueueItemId } from "../../src-shared/contract/workbench/queue.ts";
import type {
  RunList,
  RunPoints,
  RunPointsQuery,
  RunQuery,
  RunSection,
  RunSectionQuery,
} from "../../src-shared/contract/workbench/run-query.ts";
import type {
  Comparison,
  ComparisonQuery,
  Plane,
  PlaneStop,
  Run,
  RunEstimate,
  RunGroup,
  RunSummary,
  StartBatch,
  StartRun,
  StartSweep,
} from "../../src-shared/contract/workbench/runs.ts";
import type {
  Device,
  FolderListing,
  MemoryUse,
  Settings,
  SystemInfo,
} from "../../src-shared/contract/workbench/system.ts";
import type {
  StartTraining,
  Training,
  TrainingCurves,
  TrainingEstimate,
  WeightsQuery,
} from "../../src-shared/contract/workbench/trainings.ts";
import type { StartTuning, Tuning } from "../../src-shared/contract/workbench/tunings.ts";

/** A file that exists, to be streamed, or bytes that were made for the answer. */
export type Content =
  | { readonly kind: "file"; readonly path: string; readonly type: string; readonly encoding?: "gzip" }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly type: string };

export interface DatasetService {
  list(): Promise<Dataset[]>;
  /** Answers as soon as the folder is recognised; listing goes on and is told by events. @throws AppError `input.*` */
  open(path: string): Promise<Dataset>;
  /** Forgets the dataset, its thumbnails and runs' link to it; no file of the user is touched. */
  remove(id: DatasetId): Promise<void>;
  /** Lists the folder again. */
  rescan(id: DatasetId): Promise<Dataset>;
  images(query: ImageQuery): Promise<ImagePage>;
  /** Ids of all images that pass the query's filter, in its order: for a batch. */
  imageIds(query: ImageQuery): Promise<ImageId[]>;
  image(id: ImageId): Promise<ImageItem>;
  /** Pixels; the path is checked to lie inside the dataset's folder after links are followed. */
  pixels(id: ImageId): Promise<Content>;
  /** The same for the viewer; of one that comes in tiles, where they are. */
  photo(id: ImageId): Promise<Content>;
  /** Resolves once the tiles of a large image are there. */
  photoReady(id: ImageId): Promise<void>;
  photoTile(id: ImageId, level: number, column: number, row: number): Promise<Content>;
  thumbnail(id: ImageId): Promise<Content>;
  /** @param classes  key of a label set */
  groundTruth(id: ImageId, classes: string): Promise<Content>;
  view(id: ImageId, index: number, views: ViewsConfig): Promise<Content>;
  /** An image in the style of another, at most STYLIZED_PX wide and high. @throws AppError `image.*`, `input.option` */
  stylized(id: ImageId, styleId: ImageId, how: Style): Promise<Content>;
}

export interface CheckpointService {
  list(): Promise<Checkpoint[]>;
  /** Reads the whole file, in the background process. @throws AppError `checkpoint.*`, `input.*` */
  /** @param name  what it is called; that of its file unless it is given */
  open(path: string, name?: string): Promise<Checkpoint>;
  remove(id: CheckpointId): Promise<void>;
  keys(id: CheckpointId): Promise<CheckpointKey[]>;
  /** Reads the whole file again. @throws AppError `checkpoint.*`, `input.*` */
  statistics(id: CheckpointId): Promise<TensorStatistics[]>;
  /** From one checkpoint to another. @throws AppError `checkpoint.*`, `input.*` */
  changes(from: CheckpointId, to: CheckpointId): Promise<TensorChange[]>;
  /** @throws AppError `checkpoint.architecture` where no known one has these keys */
  architecture(id: CheckpointId, size: NetworkSize): Promise<ArchitectureDescription>;
}

export interface EmbeddingService {
  state(key: EmbeddingKey): Promise<EmbeddingState>;
  /** In the background; answers at once, progress is told by events. @throws AppError when the checkpoint is not usable */
  start(key: EmbeddingKey): Promise<EmbeddingState>;
  /** What has been embedded stays. */
  cancel(key: EmbeddingKey): Promise<void>;
}

export interface RunService {
  list(query: RunQuery): Promise<RunList>;
  /** The groups that the list's runs stand in. */
  sections(query: RunSectionQuery): Promise<RunSection[]>;
  /** Many runs as bare columns, for charts. */
  points(query: RunPointsQuery): Promise<RunPoints>;
  get(id: RunId): Promise<Run>;
  /**
   * Queues and answers at once.
   *
   * @param isForced  starts it however little memory or disk there is
   * @throws AppError when image or checkpoint are not usable; `machine.short`
   */
  start(request: StartRun, isForced?: boolean): Promise<RunSummary>;
  startSweep(request: StartSweep, isForced?: boolean): Promise<RunGroup>;
  startBatch(request: StartBatch, isForced?: boolean): Promise<RunGroup>;
  estimate(request: StartRun): Promise<RunEstimate>;
  /** Acknowledges at once; the end is told by an event. Nothing happens to a run that has ended. */
  cancel(id: RunId): Promise<void>;
  cancelGroup(id: GroupId): Promise<void>;
  remove(id: RunId): Promise<void>;
  setNotes(id: RunId, notes: string): Promise<RunSummary>;
  /** The command line that gives the same result. */
  command(id: RunId): Promise<string>;
  groups(): Promise<RunGroup[]>;
  compare(query: ComparisonQuery): Promise<Comparison>;
  plane(id: RunId, stop: PlaneStop, plane: Plane): Promise<Content>;
  pseudoLabel(id: RunId): Promise<Content>;
}

export interface ExportService {
  /** What would be written and what is wrong with it; writes nothing. */
  plan(request: ExportRequest): Promise<ExportPlan>;
  /** @param isForced  as of a run  @throws AppError when the plan has problems; `machine.short` */
  start(request: ExportRequest, isForced?: boolean): Promise<Export>;
  get(id: ExportId): Promise<Export>;
  cancel(id: ExportId): Promise<void>;
  /** One file, or all of them as .zip, of an export made for download. */
  file(id: ExportId, name: string | null): Promise<Content>;
}

export interface SystemService {
  info(): Promise<SystemInfo>;
  /** With which the page signs what the server of the next launch asks, see `reconnection.ts`. */
  proofKey(): Promise<string>;
  devices(): Promise<Device[]>;
  memory(): Promise<MemoryUse>;
  /** Starts the engine again after it failed. */
  restartEngine(): Promise<void>;
  listFolder(path: string | null): Promise<FolderListing>;
  settings(): Promise<Settings>;
  setSettings(settings: Settings): Promise<Settings>;
}

export interface EventService {
  /**
   * Events from after `lastId` on, as far back as they are kept, then new ones until the signal; ids count up by one. When
   * events in between were dropped, and for a new subscriber (null), the first yield is `missed`: the window loads
   * everything anew.
   */
  subscribe(
    lastId: number | null,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly id: number; readonly event: WorkbenchEvent | { readonly type: "missed" } }>;
}

export interface EvaluationService {
  list(): Promise<Evaluation[]>;
  get(id: EvaluationId): Promise<EvaluationResult>;
  /** From the records' confusion matrices, the image with the most such pixels first. */
  confused(id: EvaluationId, cell: ConfusionCell): Promise<ConfusedImage[]>;
  /** Queues and answers at once. @param isForced  as of a run  @throws AppError when data set, split or checkpoint are not usable */
  start(request: StartEvaluation, isForced?: boolean): Promise<Evaluation>;
  /** Null where the split has no images. */
  estimate(request: StartEvaluation): Promise<EvaluationEstimate | null>;
  /** Acknowledges at once; finished images stay. */
  cancel(id: EvaluationId): Promise<void>;
  /** Goes on with the images that have no record. @throws AppError for one that is finished or under way */
  resume(id: EvaluationId, isForced?: boolean): Promise<Evaluation>;
  remove(id: EvaluationId): Promise<void>;
  /** The command line that gives the same figures. */
  command(id: EvaluationId): Promise<string>;
  labels(id: EvaluationId, imageId: ImageId): Promise<Content>;
  report(id: EvaluationId): Promise<Content>;
  /** What a benchmark's server would get, and would refuse; writes nothing. */
  planSubmission(id: EvaluationId, benchmark: BenchmarkId): Promise<SubmissionPlan>;
  /** Writes the archive and keeps it for download. @throws AppError when the server would refuse it */
  writeSubmission(id: EvaluationId, benchmark: BenchmarkId, signal?: AbortSignal): Promise<Submission>;
  /** The archive as it was last written. @throws AppError `input.missing` */
  submission(id: EvaluationId, benchmark: BenchmarkId): Promise<Content>;
  /** Counts DA-SAC's importance weights over its predictions, and keeps their file. */
  writeWeights(id: EvaluationId, form: WeightsForm, signal?: AbortSignal): Promise<WrittenWeights>;
  /** The file as it was last written. @throws AppError `input.missing` */
  weights(id: EvaluationId, form: WeightsForm): Promise<Content>;
}

export interface TrainingService {
  list(): Promise<Training[]>;
  curves(id: TrainingId): Promise<TrainingCurves>;
  /** Queues and answers at once. @param isForced  as of a run  @throws AppError when data or initial weights are not usable */
  start(request: StartTraining, isForced?: boolean): Promise<Training>;
  /** Null where there is nothing to learn from. */
  estimate(request: StartTraining): Promise<TrainingEstimate | null>;
  /** Whether a file of importance weights is of the target's images. @throws AppError that says why it is not */
  checkWeights(query: WeightsQuery): Promise<{ images: number }>;
  /** Between two steps. */
  pause(id: TrainingId): Promise<void>;
  /** Of a paused one at once; one that was stopped or interrupted goes on from its last saved state. */
  resume(id: TrainingId, isForced?: boolean): Promise<Training>;
  /** Stops between two steps and keeps the state to go on from. */
  cancel(id: TrainingId): Promise<void>;
  /** With its weights, and the checkpoints that are opened from them. */
  remove(id: TrainingId): Promise<void>;
  command(id: TrainingId): Promise<string>;
  preview(id: TrainingId, step: number, name: string): Promise<Content>;
  previewPicture(id: TrainingId, step: number, name: string): Promise<Content>;
  previewImage(id: TrainingId): Promise<Content>;
}

export interface QueueService {
  list(): Promise<Queue>;
  /** Of a group all its runs that wait or run. Acknowledges at once; the ends are told by events. */
  cancel(id: QueueItemId): Promise<void>;
  /** In the middle of a step: what a training goes on from is the state that was kept last. */
  kill(id: QueueItemId): Promise<void>;
  move(request: MoveInQueue): Promise<void>;
}

export interface TuningService {
  list(): Promise<Tuning[]>;
  /** Queues and answers at once. @param isForced  as of a run  @throws AppError when images or checkpoint are not usable */
  start(request: StartTuning, isForced?: boolean): Promise<Tuning>;
  /** Between two steps; trials that are done stay. */
  cancel(id: TuningId): Promise<void>;
  /** Goes on with the trials that are not done. @throws AppError for one that is finished or under way */
  resume(id: TuningId, isForced?: boolean): Promise<Tuning>;
  remove(id: TuningId): Promise<void>;
  /** The command line that searches the same. @throws AppError `input.option` where there is none */
  command(id: TuningId): Promise<string>;
}

/** Everything behind the server. */
export interface Services {
  readonly datasets: DatasetService;
  readonly checkpoints: CheckpointService;
  readonly embeddings: EmbeddingService;
  readonly runs: RunService;
  readonly evaluations: EvaluationService;
  readonly trainings: TrainingService;
  readonly queue: QueueService;
  readonly tunings: TuningService;
  readonly exports: ExportService;
  readonly system: SystemService;
  readonly events: EventService;
}

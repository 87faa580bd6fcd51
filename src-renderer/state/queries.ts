// What the window asks the server for, each with its place in the query cache; events update the same places.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { NetworkSize } from "../../src-shared/contract/workbench/checkpoints.ts";
import type { EmbeddingKey } from "../../src-shared/contract/workbench/embeddings.ts";
import type { BenchmarkId, ConfusionCell } from "../../src-shared/contract/workbench/evaluations.ts";
import type {
  CheckpointId,
  DatasetId,
  EvaluationId,
  ImageId,
  RunId,
  TrainingId,
  TuningId,
} from "../../src-shared/contract/workbench/ids.ts";
import type { RunPointsQuery, RunQuery, RunSectionQuery } from "../../src-shared/contract/workbench/run-query.ts";
import type { ComparisonQuery, StartRun } from "../../src-shared/contract/workbench/runs.ts";
import { api } from "./api.ts";

type RunSectionInput = Partial<RunSectionQuery> & Pick<RunSectionQuery, "groupBy">;
type RunPointsInput = Partial<RunPointsQuery> & Pick<RunPointsQuery, "columns">;

export const queries = {
  system: () => queryOptions({ queryKey: ["system"], queryFn: () => api.system.info.query() }),
  devices: () => queryOptions({ queryKey: ["devices"], queryFn: () => api.system.devices.query() }),
  memory: () => queryOptions({ queryKey: ["memory"], queryFn: () => api.system.memory.query(), refetchInterval: 2000 }),
  settings: () => queryOptions({ queryKey: ["settings"], queryFn: () => api.system.settings.query() }),
  folder: (path: string | null) =>
    queryOptions({ queryKey: ["folder", path], queryFn: () => api.system.listFolder.query({ path }) }),
  datasets: () => queryOptions({ queryKey: ["datasets"], queryFn: () => api.datasets.list.query() }),
  image: (id: ImageId) => queryOptions({ queryKey: ["image", id], queryFn: () => api.datasets.image.query({ id }) }),
  checkpoints: () => queryOptions({ queryKey: ["checkpoints"], queryFn: () => api.checkpoints.list.query() }),
  checkpointKeys: (id: CheckpointId) =>
    queryOptions({ queryKey: ["checkpointKeys", id], queryFn: () => api.checkpoints.keys.query({ id }) }),
  checkpointStatistics: (id: CheckpointId) =>
    queryOptions({
      queryKey: ["checkpointWeights", id],
      queryFn: () => api.checkpoints.statistics.query({ id }),
    }),
  checkpointChanges: (from: CheckpointId, to: CheckpointId) =>
    queryOptions({
      queryKey: ["checkpointWeights", from, to],
      queryFn: () => api.checkpoints.changes.query({ from, to }),
    }),
  checkpointArchitecture: (id: CheckpointId, size: NetworkSize) =>
    queryOptions({
      queryKey: ["checkpointArchitecture", id, size],
      queryFn: () => api.checkpoints.architecture.query({ id, size }),
      placeholderData: keepPreviousData,
    }),
  runs: (query: Partial<RunQuery>) =>
    queryOptions({ queryKey: ["runs", "list", query], queryFn: () => api.runs.list.query(query) }),
  embeddings: (key: EmbeddingKey) =>
    queryOptions({
      queryKey: ["embeddings", key.datasetId, key.checkpointId],
      queryFn: () => api.embeddings.state.query(key),
    }),
  // Below "runs" in the cache as well: what makes a list stale makes these stale.
  runSections: (query: RunSectionInput) =>
    queryOptions({ queryKey: ["runs", "sections", query], queryFn: () => api.runs.sections.query(query) }),
  runPoints: (query: RunPointsInput) =>
    queryOptions({ queryKey: ["runs", "points", query], queryFn: () => api.runs.points.query(query) }),
  run: (id: RunId) => queryOptions({ queryKey: ["run", id], queryFn: () => api.runs.get.query({ id }) }),
  runCommand: (id: RunId) =>
    queryOptions({ queryKey: ["runCommand", id], queryFn: () => api.runs.command.query({ id }) }),
  groups: () => queryOptions({ queryKey: ["groups"], queryFn: () => api.runs.groups.query() }),
  estimate: (request: StartRun) =>
    queryOptions({
      queryKey: ["estimate", request],
      queryFn: () => api.runs.estimate.query(request),
      placeholderData: keepPreviousData,
    }),
  comparison: (query: ComparisonQuery) =>
    queryOptions({ queryKey: ["comparison", query], queryFn: () => api.runs.compare.query(query) }),
  queue: () =>
    queryOptions({
      queryKey: ["queue"],
      queryFn: () => api.queue.list.query(),
      // Events tell its order; the time that is left passes by itself.
      refetchInterval: ({ state }) => ((state.data?.items.length ?? 0) > 0 ? 2000 : false),
    }),
  tunings: () => queryOptions({ queryKey: ["tunings"], queryFn: () => api.tunings.list.query() }),
  tuningCommand: (id: TuningId) =>
    queryOptions({ queryKey: ["tuningCommand", id], queryFn: () => api.tunings.command.query({ id }) }),
  evaluations: () => queryOptions({ queryKey: ["evaluations"], queryFn: () => api.evaluations.list.query() }),
  evaluation: (id: EvaluationId) =>
    queryOptions({ queryKey: ["evaluation", id], queryFn: () => api.evaluations.get.query({ id }) }),
  confused: (id: EvaluationId, cell: ConfusionCell) =>
    queryOptions({
      queryKey: ["evaluation", id, "confused", cell],
      queryFn: () => api.evaluations.confused.query({ id, ...cell }),
    }),
  submissionPlan: (id: EvaluationId, benchmark: BenchmarkId) =>
    queryOptions({
      queryKey: ["evaluation", id, "submission", benchmark],
      queryFn: () => api.evaluations.planSubmission.query({ id, benchmark }),
    }),
  evaluationCommand: (id: EvaluationId) =>
    queryOptions({ queryKey: ["evaluationCommand", id], queryFn: () => api.evaluations.command.query({ id }) }),
  trainings: () => queryOptions({ queryKey: ["trainings"], queryFn: () => api.trainings.list.query() }),
  trainingCurves: (id: TrainingId) =>
    queryOptions({ queryKey: ["trainingCurves", id], queryFn: () => api.trainings.curves.query({ id }) }),
  trainingCommand: (id: TrainingId) =>
    queryOptions({ queryKey: ["trainingCommand", id], queryFn: () => api.trainings.command.query({ id }) }),
  imagesOf: (datasetId: DatasetId) => ["images", datasetId] as const,
} as const;

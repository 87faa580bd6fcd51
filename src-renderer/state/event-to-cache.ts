// What an event of the server changes in the query cache: pure functions, and the one that applies them.
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { RunEvent } from "../../src-shared/contract/run-events.ts";
import type { Evaluation } from "../../src-shared/contract/workbench/evaluations.ts";
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import { type RunList, type RunQuery, runQuerySchema } from "../../src-shared/contract/workbench/run-query.ts";
import type {
  KeptIteration,
  ReferencePrediction,
  Run,
  RunStatus,
  RunSummary,
} from "../../src-shared/contract/workbench/runs.ts";
import type { Settings, SystemInfo } from "../../src-shared/contract/workbench/system.ts";
import type { Training } from "../../src-shared/contract/workbench/trainings.ts";
import type { Tuning } from "../../src-shared/contract/workbench/tunings.ts";
import { withUnsaved } from "./settings.ts";

const ENDED: readonly RunStatus[] = ["finished", "failed", "cancelled", "interrupted"];

export function hasEnded(status: RunStatus): boolean {
  return ENDED.includes(status);
}

/** The list with an entity replaced, or added at the end when it is new. */
export function withEntity<T extends { readonly id: string }>(list: readonly T[], entity: T): T[] {
  const place = list.findIndex(({ id }) => id === entity.id);
  return place < 0 ? [...list, entity] : list.with(place, entity);
}

/** An answer that is still under way may be older than the event: it is asked for once more when it has come. */
function askAgain(cache: QueryClient, list: string): void {
  const query = cache.getQueryCache().find({ queryKey: [list], exact: true });
  if (query?.state.fetchStatus !== "fetching") return;
  const invalidate = () => void cache.invalidateQueries({ queryKey: [list], exact: true });
  query.promise?.then(invalidate, invalidate);
}

export function withoutEntity<T extends { readonly id: string }>(list: readonly T[], id: string): T[] {
  return list.filter((entity) => entity.id !== id);
}

/** Whether a run belongs in what a query asks for; null where only the server knows. */
export function isAskedFor(run: RunSummary, query: Partial<RunQuery>): boolean | null {
  const { imageId, datasetId, checkpointId, groupId, statuses, text, where } = runQuerySchema.parse(query);
  const fits =
    (imageId === null || imageId === run.image.id) &&
    (datasetId === null || datasetId === run.image.datasetId) &&
    (checkpointId === null || checkpointId === run.checkpoint.id) &&
    (groupId === null || groupId === run.groupId) &&
    (statuses.length === 0 || statuses.includes(run.status));
  return fits && (text !== "" || where.length > 0) ? null : fits;
}

/**
 * A list of runs after one of them changed. A new run goes on top where the newest are; the exact place, and its cells,
 * come when the list is fetched.
 */
export function runListAfter(list: RunList, query: Partial<RunQuery>, run: RunSummary): RunList {
  const place = list.runs.findIndex(({ id }) => id === run.id);
  const isAsked = isAskedFor(run, query);
  if (isAsked === false) return place < 0 ? list : runListWithout(list, run.id);
  if (place >= 0) return { ...list, runs: list.runs.with(place, run) };
  const isNewestFirst = (query.sort ?? null) === null && (query.groupBy ?? null) === null;
  if (isAsked === null || !isNewestFirst || (query.offset ?? 0) > 0) return list;
  return { total: list.total + 1, runs: [run, ...list.runs], cells: [[], ...list.cells] };
}

/** The list without a run; the same list where it has none of that id. */
export function runListWithout(list: RunList, id: RunSummary["id"]): RunList {
  const place = list.runs.findIndex((run) => run.id === id);
  if (place < 0) return list;
  return {
    total: list.total - 1,
    runs: list.runs.toSpliced(place, 1),
    cells: list.cells.toSpliced(place, 1),
  };
}

/** A run after its summary changed: what only the whole run has is kept. */
export function runAfterChange(run: Run, summary: RunSummary): Run {
  return { ...run, ...summary };
}

export function runAfterProgress(run: Run, event: RunEvent): Run {
  const after = { ...run, lastEvent: event };
  switch (event.type) {
    case "viewFinished": {
      const { index, scale, flipped, gray } = event;
      if (run.views.some((view) => view.index === index)) return after;
      return { ...after, views: [...run.views, { index, scale, flipped, gray }] };
    }
    case "pseudoLabelFinished": {
      const { keptPixels, pixels, perClass, agreement } = event;
      return { ...after, pseudoLabel: { keptPixels, pixels, perClass, agreement } };
    }
    case "iterationFinished": {
      // An event that arrives twice, or after the run was fetched, must not count twice.
      const losses = run.losses.slice();
      losses[event.iteration - 1] = event.loss;
      return { ...after, losses, lastLoss: event.loss };
    }
    case "windowFinished":
    case "predictionFinished":
      return after;
    default:
      return event satisfies never;
  }
}

/** Kept iterations stay in order, each once. */
export function runAfterKept(run: Run, kept: KeptIteration): Run {
  const others = run.kept.filter(({ iteration }) => iteration !== kept.iteration);
  return { ...run, kept: [...others, kept].sort((a, b) => a.iteration - b.iteration) };
}

/** Of each kind one. */
export function runAfterReference(run: Run, reference: ReferencePrediction): Run {
  const others = run.references.filter(({ kind }) => kind !== reference.kind);
  return { ...run, references: [...others, reference] };
}

/** What is fetched anew after an event because the event does not carry it. */
export function staleAfter(event: WorkbenchEvent): readonly QueryKey[] {
  switch (event.type) {
    case "runChanged": {
      const { run } = event;
      const lists: QueryKey[] = [["groups"], ["runs"]];
      if (!hasEnded(run.status)) return lists;
      // Its scores sort the grid and fill comparisons; its time and memory sharpen the estimates.
      return [
        ...lists,
        ["run", run.id],
        ["images", run.image.datasetId],
        ["image", run.image.id],
        ["comparison"],
        ["estimate"],
      ];
    }
    case "runRemoved":
      return [["groups"], ["runs"], ["images"], ["image"], ["comparison"]];
    case "datasetChanged":
      // Its images as well: an evaluation of them may have ended.
      return [["images", event.dataset.id], ["image"], ["embeddings", event.dataset.id]];
    case "datasetRemoved":
      return [["runs"], ["groups"]];
    case "checkpointChanged":
      return [
        ["checkpointKeys", event.checkpoint.id],
        ["checkpointWeights"],
        ["checkpointArchitecture", event.checkpoint.id],
        ["estimate"],
      ];
    case "queueChanged":
      return [["queue"]];
    case "embeddingsChanged":
      // The grid may be ordered by them.
      return event.state.isRunning ? [] : [["images", event.state.datasetId]];
    case "evaluationChanged":
      return [["evaluation", event.evaluation.id]];
    case "trainingChanged":
      return [["trainingCurves", event.training.id]];
    case "evaluationRemoved":
    case "trainingRemoved":
    case "tuningChanged":
    case "tuningRemoved":
    case "runProgressed":
    case "iterationKept":
    case "runReferenced":
    case "checkpointRemoved":
    case "exportChanged":
    case "engineChanged":
    case "settingsChanged":
    case "noticed":
      return [];
    default:
      return event satisfies never;
  }
}

/** Writes what an event carries into the cache. What it makes stale is the caller's to fetch, many at once. */
export function applyEvent(cache: QueryClient, event: WorkbenchEvent): void {
  switch (event.type) {
    case "runChanged": {
      const { run } = event;
      for (const [key, list] of cache.getQueriesData<RunList>({ queryKey: ["runs", "list"] })) {
        if (list === undefined) continue;
        cache.setQueryData<RunList>(key, runListAfter(list, (key[2] ?? {}) as Partial<RunQuery>, run));
      }
      cache.setQueryData<Run>(["run", run.id], (known) => known && runAfterChange(known, run));
      return;
    }
    case "runProgressed":
      cache.setQueryData<Run>(["run", event.runId], (run) => run && runAfterProgress(run, event.event));
      return;
    case "runReferenced":
      cache.setQueryData<Run>(["run", event.runId], (run) => run && runAfterReference(run, event.reference));
      return;
    case "iterationKept":
      cache.setQueryData<Run>(["run", event.runId], (run) => run && runAfterKept(run, event.kept));
      return;
    case "runRemoved":
      cache.setQueriesData<RunList>(
        { queryKey: ["runs", "list"] },
        (list) => list && runListWithout(list, event.runId),
      );
      cache.removeQueries({ queryKey: ["run", event.runId] });
      return;
    case "datasetChanged":
      askAgain(cache, "datasets");
      cache.setQueryData<(typeof event.dataset)[]>(["datasets"], (list) => list && withEntity(list, event.dataset));
      return;
    case "datasetRemoved":
      cache.setQueryData<{ id: string }[]>(["datasets"], (list) => list && withoutEntity(list, event.datasetId));
      cache.removeQueries({ queryKey: ["images", event.datasetId] });
      return;
    case "checkpointChanged":
      askAgain(cache, "checkpoints");
      cache.setQueryData<(typeof event.checkpoint)[]>(
        ["checkpoints"],
        (list) => list && withEntity(list, event.checkpoint),
      );
      return;
    case "checkpointRemoved":
      cache.setQueryData<{ id: string }[]>(["checkpoints"], (list) => list && withoutEntity(list, event.checkpointId));
      cache.removeQueries({ queryKey: ["checkpointKeys", event.checkpointId] });
      return;
    case "embeddingsChanged": {
      const { datasetId, checkpointId } = event.state;
      cache.setQueryData(["embeddings", datasetId, checkpointId], event.state);
      return;
    }
    case "evaluationChanged":
      askAgain(cache, "evaluations");
      cache.setQueryData<Evaluation[]>(["evaluations"], (list) => list && withEntity(list, event.evaluation));
      return;
    case "evaluationRemoved":
      cache.setQueryData<Evaluation[]>(["evaluations"], (list) => list && withoutEntity(list, event.evaluationId));
      cache.removeQueries({ queryKey: ["evaluation", event.evaluationId] });
      return;
    case "tuningChanged":
      askAgain(cache, "tunings");
      cache.setQueryData<Tuning[]>(["tunings"], (list) => list && withEntity(list, event.tuning));
      return;
    case "tuningRemoved":
      cache.setQueryData<Tuning[]>(["tunings"], (list) => list && withoutEntity(list, event.tuningId));
      return;
    case "trainingChanged":
      askAgain(cache, "trainings");
      cache.setQueryData<Training[]>(["trainings"], (list) => list && withEntity(list, event.training));
      return;
    case "trainingRemoved":
      cache.setQueryData<Training[]>(["trainings"], (list) => list && withoutEntity(list, event.trainingId));
      cache.removeQueries({ queryKey: ["trainingCurves", event.trainingId] });
      return;
    case "exportChanged":
      cache.setQueryData(["export", event.export.id], event.export);
      return;
    case "engineChanged":
      askAgain(cache, "system");
      cache.setQueryData<SystemInfo>(["system"], (info) => info && { ...info, engine: event.engine });
      return;
    case "settingsChanged":
      cache.setQueryData<Settings>(["settings"], withUnsaved(event.settings));
      return;
    case "queueChanged":
    case "noticed":
      return;
    default:
      event satisfies never;
  }
}

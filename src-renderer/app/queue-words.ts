// What computes and what waits, in words: names, how far it is, what it waits for, where it is shown.
import type { Queue, QueueItem } from "../../src-shared/contract/workbench/queue.ts";
import type { Run } from "../../src-shared/contract/workbench/runs.ts";
import { countOf, formatCount, formatDuration, shortName } from "../components/format.ts";
import { METHOD_TITLES as EVALUATION_METHODS, evaluationName } from "../features/evaluate/evaluation-words.ts";
import { trainingName, progressOf as trainingProgress } from "../features/train/training-words.ts";
import type { Place } from "../state/navigation.ts";
import { startsInMs } from "../state/queue.ts";
import { progressOf as runProgress } from "../state/run-progress.ts";
import { METHOD_TITLES } from "../state/run-words.ts";

export interface ItemWords {
  readonly kind: string;
  readonly name: string;
  /** What is done with which model. */
  readonly detail: string;
}

export function itemWords(item: QueueItem): ItemWords {
  switch (item.kind) {
    case "run": {
      const { image, method, checkpoint } = item.run;
      return { kind: "Run", name: shortName(image.key), detail: `${METHOD_TITLES[method]} with ${checkpoint.name}` };
    }
    case "group": {
      const { kind, name, config, checkpoint } = item.group;
      const detail = `${countOf(item.open, "run")} left, ${METHOD_TITLES[config.method]} with ${checkpoint.name}`;
      return { kind: kind === "sweep" ? "Sweep" : "Batch", name: kind === "sweep" ? shortName(name) : name, detail };
    }
    case "evaluation": {
      const { config, checkpointName, datasetName } = item.evaluation;
      const detail = `${EVALUATION_METHODS[config.method]} with ${checkpointName} on ${datasetName}`;
      return { kind: "Evaluation", name: evaluationName(item.evaluation), detail };
    }
    case "training":
      return {
        kind: "Training",
        name: trainingName(item.training),
        detail: `${countOf(item.training.config.numEpochs, "epoch")}`,
      };
    case "tuning": {
      const { name, imageIds, checkpointName } = item.tuning;
      return { kind: "Auto-tune", name, detail: `${countOf(imageIds.length, "image")} with ${checkpointName}` };
    }
    default:
      return item satisfies never;
  }
}

export interface ItemProgress {
  readonly label: string;
  /** 0..1; null while nothing is known yet. */
  readonly fraction: number | null;
}

/** @param run  of a run that computes what is known of it, where that is loaded */
export function itemProgress(item: QueueItem, run: Run | undefined): ItemProgress {
  const { label, fraction } = ownProgress(item, run);
  switch (item.state) {
    case "waiting":
      return { label: "Waiting", fraction: 0 };
    case "stopping":
      return { label: item.kind === "training" ? "Stopping after this step…" : "Stopping…", fraction };
    case "paused":
      return { label: "Paused", fraction };
    case "running":
      return { label, fraction };
    default:
      return item.state satisfies never;
  }
}

function ownProgress(item: QueueItem, run: Run | undefined): ItemProgress {
  switch (item.kind) {
    case "run":
    case "group":
      return run === undefined ? { label: "Starting", fraction: null } : runProgress(run);
    case "evaluation": {
      const { done, images } = item.evaluation;
      if (images === null) return { label: "Listing the images", fraction: null };
      return { label: `Image ${formatCount(done)} of ${formatCount(images)}`, fraction: done / Math.max(1, images) };
    }
    case "training": {
      const { step, steps } = item.training;
      const label = steps === null ? "Preparing" : `Step ${formatCount(step)} of ${formatCount(steps)}`;
      return { label, fraction: trainingProgress(item.training) };
    }
    case "tuning": {
      const { result } = item.tuning;
      if (result === null) return { label: "Starting", fraction: null };
      const label = `Run ${formatCount(result.done)} of ${formatCount(result.planned)}`;
      return { label, fraction: result.done / Math.max(1, result.planned) };
    }
    default:
      return item satisfies never;
  }
}

/** "Waits for fog/000.png, starts in about 2 min" */
export function waitWords({ items, heldBecause }: Queue, place: number): string {
  if (heldBecause !== null) return "Waits for the engine";
  const before = items[place - 1];
  if (before === undefined) return "Starts now";
  const isHeld = items[0]?.state === "paused";
  if (isHeld) return `Waits until ${itemWords(items[0] as QueueItem).name} goes on or is stopped`;
  const startMs = startsInMs(items, place);
  const start = startMs === null ? "" : `, starts in about ${formatDuration(startMs)}`;
  return `Waits for ${itemWords(before).name}${start}`;
}

/** Where it is shown. */
export function placeOf(item: QueueItem): Partial<Place> {
  switch (item.kind) {
    case "run":
      return placeOfRun(item.run);
    case "group":
      return item.run === null ? { screen: "runs" } : placeOfRun(item.run);
    case "evaluation":
      return { screen: "evaluate", evaluationId: item.evaluation.id };
    case "training":
      return { screen: "train", trainingId: item.training.id };
    case "tuning":
      return { screen: "adapt", imageId: item.tuning.imageIds[0] ?? null, checkpointId: item.tuning.checkpointId };
    default:
      return item satisfies never;
  }
}

function placeOfRun({ id, image }: Pick<Run, "id" | "image">): Partial<Place> {
  return { screen: "adapt", datasetId: image.datasetId, imageId: image.id, runId: id };
}

// One evaluation from "running" to its end; one that was stopped goes on with the images that have no record.

import { datasetLayoutSchema } from "../../src-shared/contract/dataset.ts";
import type { EngineEvent, EvaluationInput } from "../../src-shared/contract/engine-protocol.ts";
import type { Failure } from "../../src-shared/contract/results.ts";
import type { Evaluation } from "../../src-shared/contract/workbench/evaluations.ts";
import type { EvaluationId } from "../../src-shared/contract/workbench/ids.ts";
import type { EvaluatedScores, EvaluationChanges } from "../workspace/evaluation-store.ts";
import {
  endFrom,
  FINISHED,
  failureFrom,
  type JobContext,
  type JobControl,
  type JobEnd,
  type JobWorkspace,
} from "./job.ts";
import { endOf, keepEnd } from "./keep-end.ts";
import { Coalescer } from "./run-progress.ts";

/** Four times a second. */
const INTERVAL_MS = 250;
/** The grid asks for its images anew each time that they have new scores. */
const SCORES_INTERVAL_MS = 2000;

/**
 * Never throws: however the evaluation ends, its end is kept and told, once.
 *
 * @returns why it failed or was interrupted; null when it did not
 */
export async function executeEvaluation(
  id: EvaluationId,
  context: JobContext,
  control: JobControl,
): Promise<Failure | null> {
  const { workspace, publish, now } = context;
  const change = (changes: EvaluationChanges): Evaluation => {
    const evaluation = workspace.evaluations.update(id, changes);
    publish({ type: "evaluationChanged", evaluation });
    return evaluation;
  };
  const end = await endOf(async () => {
    const evaluation = change({ status: "running", startedAt: now(), endedAt: null, error: null });
    return ended(evaluation, change, context, control);
  }, control.signal);
  const endedAt = now();
  return keepEnd(end.error, () => change({ ...end, endedAt }), publish);
}

async function ended(
  evaluation: Evaluation,
  change: (changes: EvaluationChanges) => void,
  { workspace, engine, publish }: JobContext,
  { signal }: JobControl,
): Promise<JobEnd> {
  const unkept = new AbortController();
  const figures = new Coalescer<EvaluationChanges>((all) => {
    try {
      change(all.at(-1) ?? {});
    } catch (error) {
      // On a full disk the engine waits with the next record, and that tells all that this one did.
      if (failureFrom(error).code !== "output.diskFull") unkept.abort(error);
    }
  }, INTERVAL_MS);
  const scores = new Coalescer<EvaluatedScores>((images) => {
    try {
      workspace.evaluations.addScores(evaluation.id, images);
      const dataset = workspace.datasets.find(evaluation.datasetId);
      if (dataset !== undefined) publish({ type: "datasetChanged", dataset });
    } catch (error) {
      // All of them are added once it has ended.
      if (failureFrom(error).code !== "output.diskFull") unkept.abort(error);
    }
  }, SCORES_INTERVAL_MS);
  const onEvent = (event: EngineEvent<"evaluate">): void => {
    switch (event.type) {
      case "recorded": {
        const { images, done, failed, miou, ece, image } = event;
        figures.push({ images, done, failed, miou, ece });
        if (image !== null) scores.push(image);
        return;
      }
      case "noticed":
        publish({ type: "noticed", level: "warning", message: event.message, about: evaluation.id });
        return;
      default:
        event satisfies never;
    }
  };
  try {
    const folder = await workspace.evaluationFolders.make(evaluation.id);
    const stop = AbortSignal.any([signal, unkept.signal]);
    await engine.request("evaluate", evaluationInput(evaluation, folder, workspace), { signal: stop, onEvent });
    figures.flush();
    scores.flush();
    unkept.signal.throwIfAborted();
    return FINISHED;
  } catch (error) {
    figures.flush();
    scores.flush();
    return endFrom(unkept.signal.aborted ? unkept.signal.reason : error, signal);
  }
}

function evaluationInput(
  { datasetId, split, checkpointId, config, machine }: Evaluation,
  folder: string,
  { datasets, checkpoints }: JobWorkspace,
): EvaluationInput {
  const { path: dataset, layout } = datasets.get(datasetId);
  const { path: checkpointPath } = checkpoints.get(checkpointId);
  return { dataset, layout: datasetLayoutSchema.parse(layout), split, checkpointPath, config, machine, folder };
}

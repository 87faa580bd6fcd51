// One training from "running" to its end; one that was stopped goes on from its last saved state.
import type { TrainingInput } from "../../src-shared/contract/engine-protocol.ts";
import type { Failure } from "../../src-shared/contract/results.ts";
import { traitsOf } from "../../src-shared/contract/training/method-traits.ts";
import { type TrainingId, trainingIdSchema } from "../../src-shared/contract/workbench/ids.ts";
import { OF_TRAINING, type Training, type TrainingData } from "../../src-shared/contract/workbench/trainings.ts";
import { madeFolders } from "../engine/methods/crots/made-folders.ts";
import type { TrainingChanges } from "../workspace/training-store.ts";
import { endFrom, FINISHED, type JobContext, type JobControl, type JobEnd, type JobWorkspace } from "./job.ts";
import { trainingFilesIn } from "./job-files.ts";
import { endOf, keepEnd } from "./keep-end.ts";
import { TrainingRecord } from "./training-record.ts";

/**
 * Never throws: however the training ends, its end is kept and told, once.
 *
 * @returns why it failed or was interrupted; null when it did not
 */
export async function executeTraining(
  id: TrainingId,
  context: JobContext,
  control: JobControl,
): Promise<Failure | null> {
  const { workspace, publish, now } = context;
  const change = (changes: TrainingChanges): Training => {
    const training = workspace.trainings.update(id, changes);
    publish({ type: "trainingChanged", training });
    return training;
  };
  const end = await endOf(async () => {
    const training = change({
      status: "running",
      isPaused: false,
      startedAt: now(),
      endedAt: null,
      error: null,
      counted: null,
    });
    return ended(training, context, control);
  }, control.signal);
  const endedAt = now();
  return keepEnd(end.error, () => change({ ...end, isPaused: false, leftMs: null, endedAt }), publish);
}

async function ended(training: Training, context: JobContext, { signal, kill, setHold }: JobControl): Promise<JobEnd> {
  const { workspace, engine, publish } = context;
  const unkept = new AbortController();
  const record = new TrainingRecord({
    id: training.id,
    trainings: workspace.trainings,
    publish,
    onFailed: (error) => unkept.abort(error),
  });
  try {
    const folder = await workspace.trainingFolders.make(training.id);
    await engine.request("train", trainingInput(training, folder, workspace), {
      signal: AbortSignal.any([signal, unkept.signal]),
      kill,
      setHold,
      onEvent: (event) => record.hear(event),
      killAfterMs: () => record.patienceMs,
    });
    record.flush();
    unkept.signal.throwIfAborted();
    return FINISHED;
  } catch (error) {
    record.flush();
    return endFrom(unkept.signal.aborted ? unkept.signal.reason : error, signal);
  }
}

function trainingInput(training: Training, folder: string, workspace: JobWorkspace): TrainingInput {
  const { name, data, target, validation, initialCheckpointId, importanceWeights, config, machine } = training;
  const { datasets, checkpoints } = workspace;
  const source = (chosen: TrainingData): NonNullable<TrainingInput["training"]> =>
    chosen.kind === "sample"
      ? chosen
      : { kind: "folder", root: datasets.get(chosen.datasetId).path, split: chosen.split };
  const { best: output, previews } = trainingFilesIn(folder, name);
  return {
    training: traitsOf(config).isSourceFree ? null : source(data),
    target: target === null ? null : source(target),
    validation: validation === null ? null : source(validation),
    initialWeights: initialCheckpointId === null ? null : checkpoints.get(initialCheckpointId).path,
    importanceWeights,
    labelFolder: labelFolderOf(training, workspace),
    config,
    machine,
    output,
    previews,
  };
}

/** Where labels of the target are, with the folder in place of a training that made them. */
export function labelFolderOf(
  { labelFolder }: Pick<Training, "labelFolder">,
  { trainings, trainingFolders }: Pick<JobWorkspace, "trainings" | "trainingFolders">,
): string | null {
  if (labelFolder?.startsWith(OF_TRAINING) !== true) return labelFolder;
  const { id, name } = trainings.get(trainingIdSchema.parse(labelFolder.slice(OF_TRAINING.length)));
  return madeFolders(trainingFilesIn(trainingFolders.path(id), name).best).hardPatches;
}

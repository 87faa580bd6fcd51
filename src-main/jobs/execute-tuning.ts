// One tuning from "running" to its end; one that was stopped goes on with the trials that are not done.
import type { EngineEvent, TuningInput } from "../../src-shared/contract/engine-protocol.ts";
import type { Failure } from "../../src-shared/contract/results.ts";
import type { TuningId } from "../../src-shared/contract/workbench/ids.ts";
import type { Tuning } from "../../src-shared/contract/workbench/tunings.ts";
import { containedPath } from "../workspace/contained-path.ts";
import type { TuningChanges } from "../workspace/tuning-store.ts";
import { endFrom, FINISHED, type JobContext, type JobControl, type JobEnd, type JobWorkspace } from "./job.ts";
import { endOf, keepEnd } from "./keep-end.ts";

/**
 * Never throws: however the tuning ends, its end is kept and told, once.
 *
 * @returns why it failed or was interrupted; null when it did not
 */
export async function executeTuning(id: TuningId, context: JobContext, control: JobControl): Promise<Failure | null> {
  const { workspace, publish, now } = context;
  const change = (changes: TuningChanges): Tuning => {
    const tuning = workspace.tunings.update(id, changes);
    publish({ type: "tuningChanged", tuning });
    return tuning;
  };
  const end = await endOf(async () => {
    const doneBefore = workspace.tunings.get(id).result?.done ?? 0;
    const tuning = change({ status: "running", startedAt: now(), endedAt: null, doneBefore, error: null });
    return ended(tuning, change, context, control);
  }, control.signal);
  const endedAt = now();
  return keepEnd(end.error, () => change({ ...end, endedAt }), publish);
}

/** A trial takes seconds, so each is told as it comes. */
async function ended(
  tuning: Tuning,
  change: (changes: TuningChanges) => void,
  { workspace, engine, publish }: JobContext,
  { signal }: JobControl,
): Promise<JobEnd> {
  const unkept = new AbortController();
  const onEvent = (event: EngineEvent<"tune">): void => {
    switch (event.type) {
      case "tried":
        try {
          change({ result: event.result });
        } catch (error) {
          unkept.abort(error);
        }
        return;
      case "noticed":
        publish({ type: "noticed", level: "warning", message: event.message, about: tuning.id });
        return;
      default:
        event satisfies never;
    }
  };
  try {
    const folder = await workspace.tuningFolders.make(tuning.id);
    const input = await tuningInput(tuning, folder, workspace);
    await engine.request("tune", input, { signal: AbortSignal.any([signal, unkept.signal]), onEvent });
    unkept.signal.throwIfAborted();
    return FINISHED;
  } catch (error) {
    return endFrom(unkept.signal.aborted ? unkept.signal.reason : error, signal);
  }
}

async function tuningInput(
  { imageIds, checkpointId, plan, machine }: Tuning,
  folder: string,
  { datasets, checkpoints }: JobWorkspace,
): Promise<TuningInput> {
  const images = imageIds.map(async (id) => {
    const { root, key, labels } = datasets.files(id);
    const labelFile =
      labels === null ? null : { path: await containedPath(root, labels.path), encoding: labels.encoding };
    // Two data sets may have an image of the same name.
    return { key: `${id} ${key}`, path: await containedPath(root, key), labels: labelFile };
  });
  const { path: checkpointPath } = checkpoints.get(checkpointId);
  return { images: await Promise.all(images), checkpointPath, plan, machine, folder };
}

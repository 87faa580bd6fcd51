// One run from "running" to its end: everything it needs is looked up, told to the engine, and kept as it comes.
import type { EngineEvent, PlaneFiles, RunInput } from "../../src-shared/contract/engine-protocol.ts";
import type { Failure } from "../../src-shared/contract/results.ts";
import type { RunId } from "../../src-shared/contract/workbench/ids.ts";
import { keptIterations } from "../../src-shared/contract/workbench/kept-iterations.ts";
import type { PlaneStop, Run } from "../../src-shared/contract/workbench/runs.ts";
import { containedPath } from "../workspace/contained-path.ts";
import type { RunEnd } from "../workspace/run-store.ts";
import { endFrom, type JobContext, type JobWorkspace } from "./job.ts";
import { keepEnd } from "./keep-end.ts";
import { RunRecord } from "./run-record.ts";

/**
 * Never throws: however the run ends, its end is kept and told, once.
 *
 * @returns why it failed or was interrupted; null when it did not
 */
export async function executeRun(id: RunId, context: JobContext, signal: AbortSignal): Promise<Failure | null> {
  const { workspace, publish, now } = context;
  const end: RunEnd = { ...(await ended(id, context, signal)), endedAt: now() };
  const failure = "error" in end ? end.error : null;
  return keepEnd(failure, () => publish({ type: "runChanged", run: workspace.runs.end(id, end) }), publish);
}

type EndWithoutTime = RunEnd extends infer E ? (E extends RunEnd ? Omit<E, "endedAt"> : never) : never;

async function ended(id: RunId, context: JobContext, signal: AbortSignal): Promise<EndWithoutTime> {
  const { workspace, engine, publish, now } = context;
  const unkept = new AbortController();
  const record = new RunRecord({
    id,
    runs: workspace.runs,
    publish,
    onStarted: (started) => recordStart(workspace.runs.get(id), started, context),
    onFailed: (error) => unkept.abort(error),
  });
  try {
    publish({ type: "runChanged", run: workspace.runs.start(id, now()) });
    await workspace.artifacts.makeRunFolder(id);
    const onEvent = (event: EngineEvent<"run">): void => record.hear(event);
    const stop = AbortSignal.any([signal, unkept.signal]);
    const input = await runInput(workspace.runs.get(id), workspace);
    const cost = await engine.request("run", input, { signal: stop, onEvent });
    record.flush();
    unkept.signal.throwIfAborted();
    workspace.runs.setCost(id, cost);
    return { status: "finished" };
  } catch (error) {
    record.flush();
    const end = endFrom(unkept.signal.aborted ? unkept.signal.reason : error, signal);
    return end.error === null ? { status: end.status } : end;
  }
}

async function runInput({ id, config, machine, image, checkpoint }: Run, workspace: JobWorkspace): Promise<RunInput> {
  const { root, key, labels } = workspace.datasets.files(image.id);
  const files = (stop: PlaneStop): PlaneFiles => ({
    labels: workspace.artifacts.planePath(id, stop, "labels"),
    confidence: workspace.artifacts.planePath(id, stop, "confidence"),
    entropy: workspace.artifacts.planePath(id, stop, "entropy"),
    candidates: workspace.artifacts.planePath(id, stop, "candidates"),
  });
  return {
    imagePath: await containedPath(root, key),
    labels: labels === null ? null : { path: await containedPath(root, labels.path), encoding: labels.encoding },
    checkpointPath: workspace.checkpoints.get(checkpoint.id).path,
    config,
    machine,
    kept: keptIterations(config).map((iteration) => ({ iteration, files: files(iteration) })),
    storedFiles: files("stored"),
    pseudoLabelFile: workspace.artifacts.pseudoLabelPath(id),
  };
}

type Started = EngineEvent<"run"> & { type: "started" };

function recordStart({ id, checkpoint }: Run, started: Started, { workspace, publish, origin }: JobContext): void {
  const { size, checkpointSha256, imageSha256, runtime, provider, threads } = started;
  const provenance = { ...origin, checkpointSha256, imageSha256, runtime, provider, threads };
  publish({ type: "runChanged", run: workspace.runs.update(id, { size, provenance }) });
  const known = workspace.checkpoints.find(checkpoint.id);
  if (known === undefined || known.sha256 === checkpointSha256) return;
  publish({
    type: "noticed",
    level: "warning",
    message: `"${known.path}" is another file than when it was opened; the run uses it as it is now.`,
  });
}

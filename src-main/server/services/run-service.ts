// Runs: started and queued, looked up, compared, cancelled and removed.
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { WorkbenchEvent } from "../../../src-shared/contract/workbench/events.ts";
import type { GroupId, ImageId, RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type {
  RunList,
  RunPoints,
  RunPointsQuery,
  RunQuery,
  RunSection,
  RunSectionQuery,
} from "../../../src-shared/contract/workbench/run-query.ts";
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
} from "../../../src-shared/contract/workbench/runs.ts";
import type { Jobs } from "../../jobs/open-jobs.ts";
import { containedPath } from "../../workspace/contained-path.ts";
import { newId } from "../../workspace/new-id.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";
import type { NewRunGroup } from "../../workspace/run-store.ts";
import type { Content, RunService } from "../services.ts";
import { commandLine } from "./command-line.ts";
import type { RunEstimator } from "./estimate-run.ts";
import { batchConfig, imageOf, newRun, sweepConfigs } from "./new-runs.ts";
import { type Preflight, publishWarnings } from "./preflight.ts";
import { usableCheckpoint } from "./usable.ts";

export interface RunParts {
  readonly workspace: Pick<Workspace, "runs" | "datasets" | "checkpoints" | "artifacts">;
  readonly jobs: Pick<Jobs, "engine" | "background" | "queue">;
  readonly publish: (event: WorkbenchEvent) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly estimator: Pick<RunEstimator, "estimate">;
  readonly preflight: Pick<Preflight, "ofRuns">;
}

/** Runs that are made or looked up in one go: some ten milliseconds. */
const MADE_TOGETHER = 200;
/** Windows are told of so many new runs of a group; with more they are told to look for themselves. */
const TOLD_OF_GROUP = 500;

export class Runs implements RunService {
  readonly #parts: RunParts;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  async list(query: RunQuery): Promise<RunList> {
    return this.#parts.workspace.runs.list(query);
  }

  async sections(query: RunSectionQuery): Promise<RunSection[]> {
    return this.#parts.workspace.runs.sections(query);
  }

  async points(query: RunPointsQuery): Promise<RunPoints> {
    return this.#parts.workspace.runs.points(query);
  }

  async get(id: RunId): Promise<Run> {
    return this.#parts.workspace.runs.get(id);
  }

  async start(request: StartRun, isForced = false): Promise<RunSummary> {
    const { workspace, publish, jobs } = this.#parts;
    const checkpoint = await usableCheckpoint(request.checkpointId, this.#parts);
    const image = imageOf(workspace.datasets.image(request.imageId));
    await this.#requireImage(request.imageId);
    const { config, machine } = request;
    const warnings = await this.#parts.preflight.ofRuns(
      { ...request, imageIds: [image.id], configs: [config] },
      isForced,
    );
    const run = newRun({ image, checkpoint, config, machine, groupId: null, createdAt: this.#parts.now() });
    workspace.runs.create(run);
    const summary = workspace.runs.summary(run.id);
    publish({ type: "runChanged", run: summary });
    jobs.queue.add([run.id]);
    publishWarnings(publish, warnings, run.id);
    return summary;
  }

  async startSweep(request: StartSweep, isForced = false): Promise<RunGroup> {
    const { workspace, now } = this.#parts;
    const checkpoint = await usableCheckpoint(request.checkpointId, this.#parts);
    const image = imageOf(workspace.datasets.image(request.imageId));
    await this.#requireImage(request.imageId);
    const { config, machine, grid } = request;
    const group = newGroup("sweep", image.key, checkpoint, config, grid, now());
    const configs = sweepConfigs(config, grid);
    const warnings = await this.#parts.preflight.ofRuns({ ...request, imageIds: [image.id], configs }, isForced);
    const { createdAt } = group;
    const runs = configs.map((one) =>
      newRun({ image, checkpoint, config: one, machine, groupId: group.id, createdAt }),
    );
    await this.#startGroup(group, runs);
    publishWarnings(this.#parts.publish, warnings);
    return workspace.runs.group(group.id);
  }

  async startBatch(request: StartBatch, isForced = false): Promise<RunGroup> {
    const { workspace, now } = this.#parts;
    const checkpoint = await usableCheckpoint(request.checkpointId, this.#parts);
    const config = batchConfig(request.config);
    const imageIds = [...new Set(request.imageIds)];
    const warnings = await this.#parts.preflight.ofRuns({ ...request, imageIds, configs: [config] }, isForced);
    const group = newGroup("batch", request.name, checkpoint, config, null, now());
    const { machine } = request;
    const runs: Run[] = [];
    for (const [index, id] of imageIds.entries()) {
      if (index > 0 && index % MADE_TOGETHER === 0) await setImmediate();
      const image = imageOf(workspace.datasets.image(id));
      runs.push(newRun({ image, checkpoint, config, machine, groupId: group.id, createdAt: group.createdAt }));
    }
    await this.#startGroup(group, runs);
    publishWarnings(this.#parts.publish, warnings);
    return workspace.runs.group(group.id);
  }

  estimate(request: StartRun): Promise<RunEstimate> {
    return this.#parts.estimator.estimate(request);
  }

  async cancel(id: RunId): Promise<void> {
    this.#parts.jobs.queue.cancel([id]);
  }

  async cancelGroup(id: GroupId): Promise<void> {
    this.#parts.jobs.queue.cancel(this.#parts.workspace.runs.ids({ groupId: id }));
  }

  async remove(id: RunId): Promise<void> {
    const { workspace, jobs, publish } = this.#parts;
    await jobs.queue.stopped(id);
    workspace.runs.remove(id);
    publish({ type: "runRemoved", runId: id });
    await workspace.artifacts.remove(id);
  }

  async setNotes(id: RunId, notes: string): Promise<RunSummary> {
    const run = this.#parts.workspace.runs.setNotes(id, notes);
    this.#parts.publish({ type: "runChanged", run });
    return run;
  }

  async command(id: RunId): Promise<string> {
    const { runs, datasets, checkpoints } = this.#parts.workspace;
    const run = runs.get(id);
    const { root, key, labels } = datasets.files(run.image.id);
    return commandLine(run, {
      image: join(root, key),
      checkpoint: checkpoints.get(run.checkpoint.id).path,
      labels: labels === null ? null : { path: join(root, labels.path), encoding: labels.encoding },
    });
  }

  async groups(): Promise<RunGroup[]> {
    return this.#parts.workspace.runs.groups();
  }

  async compare(query: ComparisonQuery): Promise<Comparison> {
    return this.#parts.workspace.runs.compare(query);
  }

  async plane(id: RunId, stop: PlaneStop, plane: Plane): Promise<Content> {
    return planeContent(await this.#parts.workspace.artifacts.plane(id, stop, plane));
  }

  async pseudoLabel(id: RunId): Promise<Content> {
    return planeContent(await this.#parts.workspace.artifacts.pseudoLabel(id));
  }

  async #requireImage(id: ImageId): Promise<void> {
    const { root, key } = this.#parts.workspace.datasets.files(id);
    await containedPath(root, key);
  }

  /** In parts, because there may be 100,000. The first runs begin when all of them are fixed. */
  async #startGroup(group: NewRunGroup, runs: readonly Run[]): Promise<void> {
    const { workspace, publish, jobs } = this.#parts;
    workspace.runs.createGroup(group);
    for (let at = 0; at < runs.length; at += MADE_TOGETHER) {
      if (at > 0) await setImmediate();
      workspace.runs.createMany(runs.slice(at, at + MADE_TOGETHER));
    }
    for (const { id } of runs.slice(0, TOLD_OF_GROUP)) {
      publish({ type: "runChanged", run: workspace.runs.summary(id) });
    }
    jobs.queue.add(
      runs.map(({ id }) => id),
      "run",
      group.id,
    );
  }
}

function newGroup(
  kind: RunGroup["kind"],
  name: string,
  { id, name: checkpointName, numClasses, labelSet }: Checkpoint,
  config: RunGroup["config"],
  grid: RunGroup["grid"],
  createdAt: number,
): NewRunGroup {
  const classes = { numClasses: numClasses ?? 0, ...(labelSet === undefined ? {} : { labelSet }) };
  const checkpoint = { id, name: checkpointName, ...classes };
  return { id: newId<GroupId>(), kind, name, createdAt, checkpoint, config, grid };
}

function planeContent(path: string): Content {
  return { kind: "file", path, type: "application/octet-stream", encoding: "gzip" };
}

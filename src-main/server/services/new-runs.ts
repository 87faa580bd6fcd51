// Makes the runs of a request: their configuration is fixed here, whatever the form shows later.
import { runsOfGrid } from "../../../src-shared/contract/parameter-grid.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { GroupId, ImageId, RunId } from "../../../src-shared/contract/workbench/ids.ts";
import {
  type ImageRunConfig,
  imageRunConfigSchema,
  type Machine,
  type Run,
  type StartSweep,
} from "../../../src-shared/contract/workbench/runs.ts";
import { newId } from "../../workspace/new-id.ts";

export interface NewRun {
  readonly image: Run["image"];
  readonly checkpoint: Checkpoint;
  readonly config: ImageRunConfig;
  readonly machine: Machine;
  readonly groupId: GroupId | null;
  readonly createdAt: number;
}

export function newRun({ image, checkpoint, config, machine, groupId, createdAt }: NewRun): Run {
  const { id, name, numClasses, labelSet } = checkpoint;
  return {
    id: newId<RunId>(),
    groupId,
    status: "queued",
    method: config.method,
    config,
    machine,
    image,
    checkpoint: { id, name, numClasses: numClasses ?? 0, ...(labelSet === undefined ? {} : { labelSet }) },
    createdAt,
    startedAt: null,
    endedAt: null,
    error: null,
    miouBefore: null,
    miouAfter: null,
    miouStored: null,
    lastLoss: null,
    notes: "",
    size: null,
    losses: [],
    kept: [],
    references: [],
    views: [],
    pseudoLabel: null,
    lastEvent: null,
    provenance: null,
  };
}

/** Every combination of the grid once; a run keeps the predictions of all iterations that are read off it. */
export function sweepConfigs(config: ImageRunConfig, grid: StartSweep["grid"]): ImageRunConfig[] {
  const readOff = grid.numEpochs ?? [];
  const keepEvery = config.method === "adapt" ? config.keepEvery : 1;
  const kept = { keepEvery: Math.max(1, readOff.reduce(greatestCommonDivisor, keepEvery)) };
  return runsOfGrid(config, grid).map((one) => imageRunConfigSchema.parse({ ...one, ...kept }));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Of many images the first and the last prediction are kept: all others would fill the disk. */
export function batchConfig(config: ImageRunConfig): ImageRunConfig {
  return config.method === "adapt" ? { ...config, keepEvery: Math.max(1, config.numEpochs) } : config;
}

export function imageOf({ id, datasetId, key }: { id: ImageId; datasetId: Run["image"]["datasetId"]; key: string }) {
  return { id, datasetId, key };
}

// Makes the runs of a request: their configuration is fixed here, whatever the form shows later.
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { GroupId, ImageId, RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Machine, Run, RunConfigForm, StartSweep } from "../../../src-shared/contract/workbench/runs.ts";
import { newId } from "../../workspace/new-id.ts";

export interface NewRun {
  readonly image: Run["image"];
  readonly checkpoint: Checkpoint;
  readonly config: RunConfigForm;
  readonly machine: Machine;
  readonly groupId: GroupId | null;
  readonly createdAt: number;
}

export function newRun({ image, checkpoint, config, machine, groupId, createdAt }: NewRun): Run {
  const { id, name, numClasses } = checkpoint;
  return {
    id: newId<RunId>(),
    groupId,
    status: "queued",
    method: config.method,
    config,
    machine,
    image,
    checkpoint: { id, name, numClasses: numClasses ?? 0 },
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

/** Every combination of the grid once, learning rates slowest. */
export function sweepConfigs(config: RunConfigForm, grid: StartSweep["grid"]): RunConfigForm[] {
  const unique = (values: readonly number[]): number[] => [...new Set(values)];
  return unique(grid.baseLr).flatMap((baseLr) =>
    unique(grid.numEpochs).flatMap((numEpochs) =>
      unique(grid.threshold).map((threshold) => ({ ...config, baseLr, numEpochs, threshold })),
    ),
  );
}

/** Of many images the first and the last prediction are kept: all others would fill the disk. */
export function batchConfig(config: RunConfigForm): RunConfigForm {
  return { ...config, keepEvery: Math.max(1, config.numEpochs) };
}

export function imageOf({ id, datasetId, key }: { id: ImageId; datasetId: Run["image"]["datasetId"]; key: string }) {
  return { id, datasetId, key };
}

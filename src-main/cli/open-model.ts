// From a checkpoint file to a model that is ready to run.

import { AppError } from "../../src-shared/contract/errors.ts";
import type { CheckpointSummary } from "../../src-shared/contract/results.ts";
import { type LabelSet, labelSetFor } from "../../src-shared/labels/label-sets.ts";
import { type Checkpoint, loadCheckpoint } from "../engine/checkpoints/load-checkpoint.ts";
import { type StateDict, toFloat32 } from "../engine/checkpoints/state-dict.ts";
import { SegmentationModel } from "../engine/methods/shared/segmentation-model.ts";
import type { Architecture } from "../engine/models/architecture.ts";
import { detectArchitecture } from "../engine/models/detect-architecture.ts";
import { requireMatch } from "../engine/models/match-state-dict.ts";
import { createRuntime } from "../engine/runtimes/create-runtime.ts";
import type { RunFlags } from "./options/run-options.ts";

export interface OpenModel {
  readonly model: SegmentationModel;
  readonly checkpoint: CheckpointSummary;
  readonly labelSet: LabelSet;
}

/** @throws AppError `checkpoint.*`, `input.*`, `runtime.unavailable` */
export async function openModel(path: string, flags: RunFlags): Promise<OpenModel> {
  const checkpoint = await loadCheckpoint(path);
  const architecture = detectArchitecture(checkpoint.stateDict, path);
  requireClasses(architecture, path, flags.numClasses);
  requireMatch(checkpoint.stateDict, architecture, path);
  const labelSet = labelSetFor(architecture.numClasses);
  const runtime = await createRuntime({ runtime: flags.runtime, provider: flags.provider, threads: flags.threads });
  const model = new SegmentationModel(runtime, architecture, checkpoint.stateDict, flags.alpha);
  return { model, checkpoint: checkpointSummary(checkpoint, architecture), labelSet };
}

export function checkpointSummary(checkpoint: Checkpoint, architecture: Architecture): CheckpointSummary {
  const { path, format, sizeBytes, sha256, stateDict } = checkpoint;
  const { arch, backbone, numClasses } = architecture;
  return { path, format, sizeBytes, sha256, arch, backbone, numClasses, alpha: commonAlpha(stateDict) };
}

/** The alpha of all normalisation layers; null when they differ, or there is none. */
function commonAlpha(stateDict: StateDict): number | null {
  const alphas = new Set<number>();
  for (const [key, tensor] of stateDict) {
    if (!key.endsWith(".alpha")) continue;
    // Seven digits are what float32 holds: 0.1 instead of 0.10000000149.
    alphas.add(Number((toFloat32(tensor)[0] ?? Number.NaN).toPrecision(7)));
  }
  const [first] = alphas;
  return alphas.size === 1 && first !== undefined && Number.isFinite(first) ? first : null;
}

function requireClasses({ numClasses }: Architecture, path: string, asked: number | undefined): void {
  if (asked === undefined || asked === numClasses) return;
  throw new AppError(
    "checkpoint.classes",
    `"${path}" has ${numClasses} classes, not ${asked}; correct --num-classes, or leave it out: it is read from the file.`,
  );
}

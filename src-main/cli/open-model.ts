// From the command line's flags to a model that is ready to run.
import { AppError } from "../../src-shared/contract/errors.ts";
import type { CheckpointSummary } from "../../src-shared/contract/results.ts";
import type { LabelSet } from "../../src-shared/labels/label-sets.ts";
import type { SegmentationModel } from "../engine/methods/shared/segmentation-model.ts";
import type { Architecture } from "../engine/models/architecture.ts";
import { modelOn, readModel } from "../engine/process/open-model.ts";
import { createRuntime } from "../engine/runtimes/create-runtime.ts";
import type { RunFlags } from "./options/run-options.ts";

/** What a model depends on besides its file. */
export type ModelFlags = Pick<RunFlags, "numClasses" | "alpha" | "runtime" | "provider" | "threads">;

export interface OpenModel {
  readonly model: SegmentationModel;
  readonly checkpoint: CheckpointSummary;
  readonly labelSet: LabelSet;
}

/** @throws AppError `checkpoint.*`, `input.*`, `runtime.unavailable` */
export async function openModel(path: string, flags: ModelFlags): Promise<OpenModel> {
  const read = await readModel(path);
  requireClasses(read.architecture, path, flags.numClasses);
  const runtime = await createRuntime({ runtime: flags.runtime, provider: flags.provider, threads: flags.threads });
  return { model: modelOn(runtime, read, flags.alpha), checkpoint: read.summary, labelSet: read.labelSet };
}

function requireClasses({ numClasses }: Architecture, path: string, asked: number | undefined): void {
  if (asked === undefined || asked === numClasses) return;
  throw new AppError(
    "checkpoint.classes",
    `"${path}" has ${numClasses} classes, not ${asked}; correct --num-classes, or leave it out: it is read from the file.`,
  );
}

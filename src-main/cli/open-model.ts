// From the command line's flags to a model that is ready to run.
import { AppError } from "../../src-shared/contract/errors.ts";
import type { SegmentationModel } from "../engine/methods/shared/segmentation-model.ts";
import type { Architecture } from "../engine/models/architecture.ts";
import { modelOn, type ReadModel, readModel } from "../engine/process/open-model.ts";
import { createRuntime } from "../engine/runtimes/create-runtime.ts";
import { givenLabelSet } from "./inputs/given-label-set.ts";
import type { RunFlags } from "./options/run-options.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** What a model depends on besides its file. */
export type ModelFlags = Pick<
  RunFlags,
  "numClasses" | "weights" | "labelSet" | "alpha" | "runtime" | "provider" | "threads"
>;

export interface OpenModel {
  readonly model: SegmentationModel;
  readonly read: ReadModel;
}

/**
 * Says what of the file is not used.
 *
 * @throws AppError `checkpoint.*`, `input.*`
 */
export async function readCheckedModel(
  path: string,
  { numClasses, weights, labelSet }: Pick<ModelFlags, "numClasses" | "weights" | "labelSet">,
  terminal: Pick<Terminal, "notice">,
): Promise<ReadModel> {
  const read = await readModel(path, { weights, labelSet: await givenLabelSet(labelSet) });
  requireClasses(read.architecture, path, numClasses);
  terminal.notice(...(read.summary.notes ?? []));
  return read;
}

/** The same on a runtime. @throws AppError `checkpoint.*`, `input.*`, `runtime.unavailable` */
export async function openModel(
  path: string,
  flags: ModelFlags,
  terminal: Pick<Terminal, "notice">,
): Promise<OpenModel> {
  const read = await readCheckedModel(path, flags, terminal);
  const runtime = await createRuntime({ runtime: flags.runtime, provider: flags.provider, threads: flags.threads });
  return { model: modelOn(runtime, read, flags.alpha), read };
}

function requireClasses({ numClasses }: Architecture, path: string, asked: number | undefined): void {
  if (asked === undefined || asked === numClasses) return;
  throw new AppError(
    "checkpoint.classes",
    `"${path}" has ${numClasses} classes, not ${asked}; correct --num-classes, or leave it out: it is read from the file.`,
  );
}

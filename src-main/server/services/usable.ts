// Whether what a job is started with can be used: said at the start, before it waits for its turn.
import { access } from "node:fs/promises";
import { AppError, type ErrorCode } from "../../../src-shared/contract/errors.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import type { CheckpointId, DatasetId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Jobs } from "../../jobs/open-jobs.ts";
import type { Workspace } from "../../workspace/open-workspace.ts";

interface Parts {
  readonly workspace: Pick<Workspace, "checkpoints" | "datasets">;
  readonly jobs: { readonly engine: Pick<Jobs["engine"], "state"> };
}

/** @throws AppError `engine.failed`, and what is wrong with the checkpoint */
export async function usableCheckpoint(id: CheckpointId, { workspace, jobs }: Parts): Promise<Checkpoint> {
  requireEngine(jobs);
  const checkpoint = workspace.checkpoints.get(id);
  if (checkpoint.problem !== null) {
    // Codes of problems are those of the engine's errors.
    throw new AppError(checkpoint.problem.code as ErrorCode, checkpoint.problem.message);
  }
  await requireFile(checkpoint.path);
  return checkpoint;
}

/**
 * @param split  null: all images
 * @throws AppError `input.missing`, `input.option`, `workspace.unknown`
 */
export async function usableDataset(id: DatasetId, split: string | null, { workspace }: Parts): Promise<Dataset> {
  const dataset = workspace.datasets.get(id);
  await requireFile(dataset.path);
  if (dataset.listing.status !== "complete") return dataset; // the engine lists it anew
  if (dataset.imageCount === 0) {
    throw new AppError("input.unreadable", `"${dataset.path}" holds no images; open the folder of a data set.`);
  }
  const names = dataset.splits.map(({ name }) => name);
  if (split === null || names.includes(split)) return dataset;
  const known = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
  throw new AppError("input.option", `"${dataset.path}" has no images in the split "${split}"; ${known}.`);
}

/** @throws AppError `engine.failed` */
export function requireEngine({ engine }: Parts["jobs"]): void {
  if (engine.state.status === "failed") throw new AppError("engine.failed", engine.state.message);
}

/** Or folder. @throws AppError `input.missing` */
export async function requireFile(path: string): Promise<void> {
  try {
    await access(path);
  } catch (cause) {
    throw new AppError("input.missing", `"${path}" is not there any more; put it back, or open it where it is now.`, {
      cause,
    });
  }
}

// Opening datasets and checkpoints from wherever they are named: a dialog, a drop, the native menu, the command line.
import { create } from "zustand";
import type { Checkpoint } from "../../src-shared/contract/workbench/checkpoints.ts";
import type { Dataset } from "../../src-shared/contract/workbench/datasets.ts";
import { api } from "./api.ts";
import { choosePath } from "./choose-path.ts";
import { desktop } from "./desktop.ts";
import { withEntity } from "./event-to-cache.ts";
import { useNavigation } from "./navigation.ts";
import { queries } from "./queries.ts";
import { queryClient } from "./query-client.ts";
import { tellFailure } from "./tell.ts";

/** Paths that are being read: a large checkpoint takes seconds. */
export const useOpening = create<{ readonly checkpoints: readonly string[] }>(() => ({ checkpoints: [] }));

const CHECKPOINT_FILE = /\.(pth|pt|safetensors|ckpt|bin)$/i;

export function isCheckpointPath(path: string): boolean {
  return CHECKPOINT_FILE.test(path);
}

/** Opens a folder and shows it. Failures are told; null then. */
export async function openDataset(path: string): Promise<Dataset | null> {
  try {
    const dataset = await api.datasets.open.mutate({ path });
    queryClient.setQueryData(queries.datasets().queryKey, (known) => known && withEntity(known, dataset));
    useNavigation.getState().go({ screen: "datasets", datasetId: dataset.id, imageId: null });
    return dataset;
  } catch (error) {
    tellFailure("This folder can't be opened", error);
    return null;
  }
}

/** Reads a checkpoint and shows it. Failures are told; null then. */
export async function openCheckpoint(path: string): Promise<Checkpoint | null> {
  useOpening.setState(({ checkpoints }) => ({ checkpoints: [...checkpoints, path] }));
  try {
    const checkpoint = await api.checkpoints.open.mutate({ path });
    queryClient.setQueryData(queries.checkpoints().queryKey, (known) => known && withEntity(known, checkpoint));
    useNavigation.getState().go({ screen: "checkpoints", checkpointId: checkpoint.id });
    return checkpoint;
  } catch (error) {
    tellFailure("This checkpoint can't be opened", error);
    return null;
  } finally {
    useOpening.setState(({ checkpoints }) => ({ checkpoints: checkpoints.filter((other) => other !== path) }));
  }
}

/** A path of either kind, as dropped on the window. */
export async function openPath(path: string): Promise<void> {
  if (isCheckpointPath(path)) await openCheckpoint(path);
  else await openDataset(path);
}

export async function askForDataset(reason: string | null = null): Promise<void> {
  const path = await choosePath("folder", reason);
  if (path !== null) await openDataset(path);
}

export async function askForCheckpoint(reason: string | null = null): Promise<void> {
  const path = await choosePath("checkpoint", reason);
  if (path !== null) await openCheckpoint(path);
}

/** What was dropped on the window. Browsers do not tell where a file lies: then it is asked for. */
export async function openDropped(files: readonly File[]): Promise<void> {
  const [first] = files;
  if (first === undefined) return;
  if (desktop !== null) {
    for (const file of files) await openPath(desktop.pathOfFile(file));
    return;
  }
  const reason = `A browser does not say where "${first.name}" lies. Choose it here once; nothing is copied.`;
  if (isCheckpointPath(first.name)) await askForCheckpoint(reason);
  else await askForDataset(reason);
}

// Cancelling a run: acknowledged at once in the window, long before the engine has come to the end of its step.
import { create } from "zustand";
import type { RunId } from "../../src-shared/contract/workbench/ids.ts";
import { api } from "./api.ts";
import { tellFailure } from "./tell.ts";

/** Runs that were told to stop and may not have stopped yet. An id stays: a run that has ended is not cancelled again. */
export const useCancelling = create<{ readonly ids: ReadonlySet<RunId> }>(() => ({ ids: new Set() }));

export async function cancelRun(id: RunId): Promise<void> {
  useCancelling.setState(({ ids }) => ({ ids: new Set(ids).add(id) }));
  try {
    await api.runs.cancel.mutate({ id });
  } catch (error) {
    useCancelling.setState(({ ids }) => ({ ids: new Set([...ids].filter((other) => other !== id)) }));
    tellFailure("The run was not cancelled", error);
  }
}

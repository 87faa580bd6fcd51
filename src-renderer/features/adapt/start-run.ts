// Starting runs from this screen.
import type { CheckpointId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Machine, StartRun } from "../../../src-shared/contract/workbench/runs.ts";
import type { Settings } from "../../../src-shared/contract/workbench/system.ts";
import { formProblem, useAdaptForm } from "../../state/adapt-form.ts";
import { api } from "../../state/api.ts";
import { currentSettings } from "../../state/settings.ts";
import { startOrAsk } from "../../state/start-anyway.ts";
import { tellFailure } from "../../state/tell.ts";
import { showStartedRun } from "./use-shown-run.ts";

export function machineFrom({ runtime, provider, threads }: Settings): Machine {
  return { runtime, provider, threads };
}

/** What the button asks for; null while something is missing or wrong. */
export function startRequest(
  imageId: ImageId | null,
  checkpointId: CheckpointId | null,
  settings: Settings,
): StartRun | null {
  const { config } = useAdaptForm.getState();
  if (imageId === null || checkpointId === null || formProblem(config) !== null) return null;
  return { imageId, checkpointId, config, machine: machineFrom(settings) };
}

export async function startRun(imageId: ImageId | null, checkpointId: CheckpointId | null): Promise<void> {
  const request = startRequest(imageId, checkpointId, currentSettings());
  if (request === null) return;
  try {
    const run = await startOrAsk((isForced) => api.runs.start.mutate({ ...request, isForced }));
    if (run !== null) showStartedRun(run);
  } catch (error) {
    tellFailure("The run was not started", error);
  }
}

// Runs on the shown image what a pane shows of another one.
import type { CheckpointId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import type { ImageRunConfig } from "../../../src-shared/contract/workbench/runs.ts";
import { api } from "../../state/api.ts";
import { currentSettings } from "../../state/settings.ts";
import { startOrAsk } from "../../state/start-anyway.ts";
import { tell, tellFailure } from "../../state/tell.ts";

export async function runAgain(imageId: ImageId, checkpointId: CheckpointId, config: ImageRunConfig): Promise<void> {
  const { runtime, provider, threads } = currentSettings();
  try {
    const machine = { runtime, provider, threads };
    const run = await startOrAsk((isForced) =>
      api.runs.start.mutate({ imageId, checkpointId, config, machine, isForced }),
    );
    if (run !== null) tell("Started with the same parameters. It appears here when it is done.");
  } catch (error) {
    tellFailure("The run was not started", error);
  }
}

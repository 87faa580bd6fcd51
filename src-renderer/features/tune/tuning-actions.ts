// What can be done with tunings and their settings: stop, go on, copy as command, use, save.
import type { TunedParameters } from "../../../src-shared/contract/tuning.ts";
import type { RunConfigForm } from "../../../src-shared/contract/workbench/runs.ts";
import type { Tuning } from "../../../src-shared/contract/workbench/tunings.ts";
import { changeForm, withPreset } from "../../state/adapt-form.ts";
import { api } from "../../state/api.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";
import { queryClient } from "../../state/query-client.ts";
import { currentSettings, saveSettings } from "../../state/settings.ts";
import { startOrAsk } from "../../state/start-anyway.ts";
import { tell, tellFailure } from "../../state/tell.ts";
import type { TuneTarget } from "../../state/tune-dialog.ts";
import { configWith } from "./tune-plan.ts";

export async function cancelTuning({ id }: Pick<Tuning, "id">): Promise<void> {
  try {
    await api.tunings.cancel.mutate({ id });
  } catch (error) {
    tellFailure("The tuning was not stopped", error);
  }
}

export async function resumeTuning({ id }: Pick<Tuning, "id">): Promise<void> {
  try {
    await startOrAsk((isForced) => api.tunings.resume.mutate({ id, isForced }));
  } catch (error) {
    tellFailure("The tuning was not gone on with", error);
  }
}

export async function copyCommand({ id }: Pick<Tuning, "id">): Promise<void> {
  try {
    const command = await queryClient.ensureQueryData(queries.tuningCommand(id));
    await navigator.clipboard.writeText(command);
    tell("Copied the command that searches the same.");
  } catch (error) {
    tellFailure("The command was not copied", error);
  }
}

/** Puts the setting into the form of the adapt screen and goes there. Can be undone. */
export function applySetting(parameters: TunedParameters, { config, checkpointId, imageIds }: TuneTarget): void {
  changeForm("the tuned parameters", configWith(config, parameters));
  const [imageId] = imageIds;
  const place = imageIds.length === 1 && imageId !== undefined ? { imageId } : {};
  useNavigation.getState().go({ screen: "adapt", ...place, ...(checkpointId === null ? {} : { checkpointId }) });
}

/** As long as a preset's name may be. */
const MAX_NAME = 80;

export function savePreset(name: string, parameters: TunedParameters, config: RunConfigForm): void {
  const preset = `Tuned on ${name}`.slice(0, MAX_NAME);
  const presets = withPreset(currentSettings().presets, preset, configWith(config, parameters));
  saveSettings({ presets }).then(
    () => tell(`Saved as the preset "${preset}".`),
    (error: unknown) => tellFailure("The preset was not saved", error),
  );
}

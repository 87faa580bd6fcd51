// What can be done with a dataset: list it again, remove it.
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { api } from "../../state/api.ts";
import { useNavigation } from "../../state/navigation.ts";
import { REMOVAL_DELAY_MS, removeUndoable } from "../../state/removals.ts";
import { tellFailure, tellUndoable } from "../../state/tell.ts";

/** Lists the folder again; what it finds comes by events. */
export function rescanDataset({ id, name }: Dataset): void {
  api.datasets.rescan.mutate({ id }).catch((error: unknown) => tellFailure(`${name} can't be listed`, error));
}

export function removeDataset({ id, name, path }: Dataset): void {
  removeUndoable({
    id,
    label: `remove ${name}`,
    remove: () => api.datasets.remove.mutate({ id }),
    restore: () => api.datasets.open.mutate({ path }),
  });
  if (useNavigation.getState().datasetId === id) useNavigation.getState().go({ datasetId: null, imageId: null });
  tellUndoable(`Removed ${name} from the list. Its files are untouched.`, REMOVAL_DELAY_MS);
}

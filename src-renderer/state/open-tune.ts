// Opens the dialog of auto-tuning for an image or a domain: which images, and what they are called.
import { evenly, IMAGES_OF_DOMAIN } from "../../src-shared/contract/tuning.ts";
import { imageQuerySchema } from "../../src-shared/contract/workbench/datasets.ts";
import type { CheckpointId, DatasetId, ImageId } from "../../src-shared/contract/workbench/ids.ts";
import type { RunConfigForm } from "../../src-shared/contract/workbench/runs.ts";
import { api } from "./api.ts";
import { queries } from "./queries.ts";
import { queryClient } from "./query-client.ts";
import { tellFailure } from "./tell.ts";
import { useTuneDialog } from "./tune-dialog.ts";

export async function openTuneOfImage(imageId: ImageId, checkpointId: CheckpointId | null): Promise<void> {
  try {
    const { key } = await queryClient.ensureQueryData(queries.image(imageId));
    useTuneDialog.getState().open({ imageIds: [imageId], checkpointId, name: key });
  } catch (error) {
    tellFailure("The image could not be looked up", error);
  }
}

/** On some images of a split, evenly spread; all of the data set's where it is null. */
export async function openTuneOfDomain(
  datasetId: DatasetId,
  split: string | null,
  names: { readonly dataset: string },
  checkpointId: CheckpointId,
  config: RunConfigForm,
): Promise<void> {
  try {
    const query = imageQuerySchema.parse({ datasetId, filter: { splits: split === null ? [] : [split] } });
    const ids = await api.datasets.imageIds.query(query);
    const imageIds = evenly(ids, IMAGES_OF_DOMAIN);
    const of = split === null ? names.dataset : `${split} of ${names.dataset}`;
    useTuneDialog.getState().open({ imageIds, checkpointId, name: `${imageIds.length} images, ${of}`, config });
  } catch (error) {
    tellFailure("The images could not be listed", error);
  }
}

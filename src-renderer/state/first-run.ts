// The first run of a new workspace: the sample's checkpoint on a street in fog, with the parameters it recommends.
import { useQuery } from "@tanstack/react-query";
import type { Checkpoint } from "../../src-shared/contract/workbench/checkpoints.ts";
import type { Dataset } from "../../src-shared/contract/workbench/datasets.ts";
import type { StartRun } from "../../src-shared/contract/workbench/runs.ts";
import { startConfig } from "./adapt-form.ts";
import { api } from "./api.ts";
import { firstCheckpoint, firstImage } from "./first-choice.ts";
import { useNavigation } from "./navigation.ts";
import { queries } from "./queries.ts";
import { useSettings } from "./settings.ts";
import { startOrAsk } from "./start-anyway.ts";
import { tellFailure } from "./tell.ts";

/** Enough of the sample to see every domain. */
const LOOKED_AT = 200;

/** What one click starts; null while anything has been run, and where the sample is not there to be run. */
export function useFirstRun(dataset: Dataset): StartRun | null {
  const { runtime, provider, threads } = useSettings();
  const { data: runs } = useQuery(queries.runs({ limit: 1 }));
  const isFirst = dataset.isSample && dataset.isAvailable && runs?.total === 0;
  const { data: checkpoints } = useQuery({ ...queries.checkpoints(), enabled: isFirst });
  const { data: page } = useQuery({
    queryKey: ["images", dataset.id, "first"],
    queryFn: () => api.datasets.images.query({ datasetId: dataset.id, limit: LOOKED_AT }),
    enabled: isFirst && dataset.listing.status === "complete",
  });
  const image = page === undefined ? null : firstImage(page.items);
  const checkpoint: Checkpoint | null = checkpoints === undefined ? null : firstCheckpoint(checkpoints);
  if (!isFirst || image === null || checkpoint === null) return null;
  return {
    imageId: image.id,
    checkpointId: checkpoint.id,
    config: startConfig(checkpoint),
    machine: { runtime, provider, threads },
  };
}

/** Starts it and shows it where it is made. */
export async function startFirstRun(request: StartRun): Promise<void> {
  try {
    const run = await startOrAsk((isForced) => api.runs.start.mutate({ ...request, isForced }));
    if (run === null) return;
    useNavigation.getState().go({
      screen: "adapt",
      runId: run.id,
      imageId: run.image.id,
      datasetId: run.image.datasetId,
      checkpointId: run.checkpoint.id,
    });
  } catch (error) {
    tellFailure("The run was not started", error);
  }
}

// One dataset, image, checkpoint or run by its id, from the cache; undefined while it is loaded, or when there is none.
import { skipToken, useQuery } from "@tanstack/react-query";
import type { Checkpoint } from "../../src-shared/contract/workbench/checkpoints.ts";
import type { Dataset, ImageItem } from "../../src-shared/contract/workbench/datasets.ts";
import type { CheckpointId, DatasetId, ImageId, RunId } from "../../src-shared/contract/workbench/ids.ts";
import type { Run } from "../../src-shared/contract/workbench/runs.ts";
import { api } from "./api.ts";
import { queries } from "./queries.ts";

export function useDataset(id: DatasetId | null): Dataset | undefined {
  return useQuery(queries.datasets()).data?.find((dataset) => dataset.id === id);
}

export function useCheckpoint(id: CheckpointId | null): Checkpoint | undefined {
  return useQuery(queries.checkpoints()).data?.find((checkpoint) => checkpoint.id === id);
}

export function useImage(id: ImageId | null): ImageItem | undefined {
  return useQuery({
    queryKey: ["image", id],
    queryFn: id === null ? skipToken : () => api.datasets.image.query({ id }),
  }).data;
}

export function useRun(id: RunId | null): Run | undefined {
  return useQuery({ queryKey: ["run", id], queryFn: id === null ? skipToken : () => api.runs.get.query({ id }) }).data;
}

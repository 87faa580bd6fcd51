// The images beside the shown one in its dataset, and going to them.
import { skipToken, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import type { ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { api } from "../../state/api.ts";
import { useDataset } from "../../state/entities.ts";
import { useNavigation } from "../../state/navigation.ts";
import { photos } from "../../state/pixels.ts";

export interface Neighbours {
  /** All images of the dataset, by name. */
  readonly ids: readonly ImageId[];
  /** Place of the shown one; -1 while not known. */
  readonly place: number;
}

const NONE: Neighbours = { ids: [], place: -1 };
/** Time to settle on an image before its neighbours are decoded. */
const PRELOAD_DELAY_MS = 400;

export function useNeighbours(image: ImageItem | undefined): Neighbours {
  const datasetId = image?.datasetId ?? null;
  const dataset = useDataset(datasetId);
  const { data: ids } = useQuery({
    // A dataset that grows while it is listed is asked for anew.
    queryKey: ["imageIds", datasetId, dataset?.imageCount],
    queryFn: datasetId === null ? skipToken : () => api.datasets.imageIds.query({ datasetId }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const place = image === undefined || ids === undefined ? -1 : ids.indexOf(image.id);

  useEffect(() => {
    if (ids === undefined || place < 0) return;
    const timer = setTimeout(() => {
      for (const id of [ids[place + 1], ids[place - 1]]) {
        if (id !== undefined) photos.get(routes.image(id)).catch(() => {});
      }
    }, PRELOAD_DELAY_MS);
    return () => clearTimeout(timer);
  }, [ids, place]);

  return ids === undefined ? NONE : { ids, place };
}

export function goToImage(id: ImageId | undefined): void {
  if (id !== undefined) useNavigation.getState().go({ imageId: id, runId: null });
}

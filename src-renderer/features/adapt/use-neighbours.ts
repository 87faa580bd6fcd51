// The images beside the shown one in its dataset, and going to them.
import { skipToken, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import type { DatasetId, ImageId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { api } from "../../state/api.ts";
import { useDataset } from "../../state/entities.ts";
import { ALL_IMAGES, type ImageList, useImageLists } from "../../state/image-list.ts";
import { useNavigation } from "../../state/navigation.ts";
import { photos } from "../../state/pixels.ts";

export interface Neighbours {
  /** The images of the dataset as the datasets screen lists them; all of them where the shown one is not in that list. */
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
  const chosen = useImageLists(({ byDataset }) => (datasetId === null ? undefined : byDataset.get(datasetId)));
  const listed = useIds(datasetId, chosen ?? ALL_IMAGES, dataset?.imageCount);
  const isListed = image === undefined || listed === undefined || listed.includes(image.id);
  const all = useIds(isListed ? null : datasetId, ALL_IMAGES, dataset?.imageCount);
  const ids = isListed ? listed : all;
  const place = image === undefined || ids === undefined ? -1 : ids.indexOf(image.id);

  useEffect(() => {
    if (ids === undefined || place < 0) return;
    const timer = setTimeout(() => {
      for (const id of [ids[place + 1], ids[place - 1]]) {
        if (id !== undefined) photos.get(routes.photo(id)).catch(() => {});
      }
    }, PRELOAD_DELAY_MS);
    return () => clearTimeout(timer);
  }, [ids, place]);

  return ids === undefined ? NONE : { ids, place };
}

function useIds(datasetId: DatasetId | null, { filter, sort }: ImageList, count: number | undefined) {
  return useQuery({
    // A dataset that grows while it is listed is asked for anew; new scores alone move no frames of the strip.
    queryKey: ["imageIds", datasetId, { filter, sort }, count],
    queryFn: datasetId === null ? skipToken : () => api.datasets.imageIds.query({ datasetId, filter, sort }),
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
}

export function goToImage(id: ImageId | undefined): void {
  if (id !== undefined) useNavigation.getState().go({ imageId: id, runId: null });
}

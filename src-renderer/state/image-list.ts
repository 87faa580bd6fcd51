// Which images of a dataset are listed and in what order.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { create } from "zustand";
import { type ImageQuery, imageQuerySchema } from "../../src-shared/contract/workbench/datasets.ts";
import type { DatasetId, ImageId } from "../../src-shared/contract/workbench/ids.ts";
import { api } from "./api.ts";
import { perform } from "./history.ts";
import { queries } from "./queries.ts";
import { queryClient } from "./query-client.ts";

export interface ImageList {
  readonly filter: ImageQuery["filter"];
  readonly sort: ImageQuery["sort"];
}

/** Images a request. A screen shows 20 to 200. */
export const PAGE_SIZE = 200;

/** A page that is out of sight for this long is dropped: 100,000 images would hold 40 MB. */
const PAGE_KEPT_MS = 60_000;

/** All images by name. */
export const ALL_IMAGES: ImageList = { filter: noFilter(), sort: { by: "name", descending: false } };

function noFilter(): ImageQuery["filter"] {
  return { text: "", splits: [], tags: [], classes: [], hasLabels: null };
}

export function isFiltered({ filter }: ImageList): boolean {
  const { text, splits, tags, classes, hasLabels } = filter;
  return text !== "" || hasLabels !== null || splits.length + tags.length + classes.length > 0;
}

/** Each dataset has its own: splits and tags of one mean nothing in another. */
export const useImageLists = create<{ readonly byDataset: ReadonlyMap<DatasetId, ImageList> }>(() => ({
  byDataset: new Map(),
}));

export function imageListOf(datasetId: DatasetId): ImageList {
  return useImageLists.getState().byDataset.get(datasetId) ?? ALL_IMAGES;
}

/** Changes filter or order; can be undone. */
export function changeImageList(datasetId: DatasetId, label: string, after: ImageList): void {
  const before = imageListOf(datasetId);
  const set = (list: ImageList) =>
    useImageLists.setState(({ byDataset }) => ({ byDataset: new Map(byDataset).set(datasetId, list) }));
  perform({ label, redo: () => set(after), undo: () => set(before) });
}

/** What a saved view holds; views of other versions may hold anything: what is not understood is left out. */
export function imageListFromView(query: Readonly<Record<string, unknown>>): ImageList {
  const { filter, sort } = imageQuerySchema.pick({ filter: true, sort: true }).safeParse(query).data ?? ALL_IMAGES;
  return { filter, sort };
}

export function imagePage(datasetId: DatasetId, { filter, sort }: ImageList, offset: number) {
  return queryOptions({
    queryKey: [...queries.imagesOf(datasetId), { filter, sort }, offset] as const,
    queryFn: ({ signal }) =>
      api.datasets.images.query({ datasetId, filter, sort, offset, limit: PAGE_SIZE }, { signal }),
    gcTime: PAGE_KEPT_MS,
  });
}

/** The first page, the earlier list's until it has come. */
export function firstImagePage(datasetId: DatasetId, list: ImageList) {
  return queryOptions({ ...imagePage(datasetId, list, 0), placeholderData: keepPreviousData });
}

/** Ids of the whole list, in its order. */
export function imageIds(datasetId: DatasetId, { filter, sort }: ImageList): Promise<ImageId[]> {
  return queryClient.fetchQuery({
    queryKey: [...queries.imagesOf(datasetId), { filter, sort }, "ids"],
    queryFn: () => api.datasets.imageIds.query({ datasetId, filter, sort }),
    gcTime: PAGE_KEPT_MS,
  });
}

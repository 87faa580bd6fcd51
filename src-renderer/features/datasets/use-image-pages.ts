// The images of the grid, fetched page by page as they come into view.
import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ImageItem, ImagePage } from "../../../src-shared/contract/workbench/datasets.ts";
import type { DatasetId } from "../../../src-shared/contract/workbench/ids.ts";
import { firstImagePage, type ImageList, imagePage, PAGE_SIZE } from "../../state/image-list.ts";
import { pageOffsets } from "./page-window.ts";

export interface ImageHead {
  /** Images of the list; null until the first page has come. */
  readonly total: number | null;
  readonly error: Error | null;
  /** The list that is shown: the earlier one until the first page of the one asked for has come. */
  readonly list: ImageList;
  readonly isStale: boolean;
  readonly firstPage: ImagePage | undefined;
}

/** How many images the list has, and the first of them. */
export function useImageHead(datasetId: DatasetId, asked: ImageList): ImageHead {
  const { data, error, isPlaceholderData } = useQuery(firstImagePage(datasetId, asked));
  const [shown, setShown] = useState(asked);
  const isCurrent = data !== undefined && !isPlaceholderData;
  if (isCurrent && shown !== asked) setShown(asked);
  return {
    total: data?.total ?? null,
    error,
    list: isPlaceholderData ? shown : asked,
    isStale: isPlaceholderData,
    firstPage: data,
  };
}

/** The image at a place, for places from `first` to `last`; undefined while its page is under way. */
export function useImagesInView(
  datasetId: DatasetId,
  { list, total, firstPage }: ImageHead,
  first: number,
  last: number,
): (index: number) => ImageItem | undefined {
  const offsets = pageOffsets(first, last, total ?? 0, PAGE_SIZE);
  const pages = useQueries({ queries: offsets.map((offset) => imagePage(datasetId, list, offset)) });
  return (index) => {
    const offset = Math.floor(index / PAGE_SIZE) * PAGE_SIZE;
    const page = pages[offsets.indexOf(offset)]?.data ?? (offset === 0 ? firstPage : undefined);
    return page?.items[index - offset];
  };
}

// The comparison over many images: its two sides as chosen, or as first guessed, and the images in order.
import { skipToken, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { DatasetId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Comparison, ComparisonQuery, ComparisonSide } from "../../../src-shared/contract/workbench/runs.ts";
import { api } from "../../state/api.ts";
import { type CompareSide, useCompare } from "../../state/compare.ts";
import { ALL_IMAGES } from "../../state/image-list.ts";
import { queries } from "../../state/queries.ts";
import { type ComparedImage, orderedImages } from "./gains.ts";
import { useManyView } from "./many-view.ts";

export interface ComparisonState {
  readonly query: ComparisonQuery | null;
  readonly comparison: Comparison | undefined;
  /** In the chosen order, narrowed to the chosen class. */
  readonly images: readonly ComparedImage[];
  readonly error: Error | null;
}

/** Null while there is no checkpoint to compare. */
export function useComparisonQuery(datasetId: DatasetId | null): ComparisonQuery | null {
  const a = useCompare((state) => state.a);
  const b = useCompare((state) => state.b);
  const newest = useQuery({
    ...queries.runs({ datasetId, statuses: ["finished"], limit: 1 }),
    enabled: datasetId !== null,
  }).data?.runs[0];
  const first = newest?.checkpoint.id ?? null;
  return useMemo(() => {
    const side = ({ checkpointId, ...rest }: CompareSide): ComparisonSide | null => {
      const id = checkpointId ?? first;
      return id === null ? null : { ...rest, checkpointId: id };
    };
    const [sideA, sideB] = [side(a), side(b)];
    return datasetId === null || sideA === null || sideB === null ? null : { datasetId, a: sideA, b: sideB };
  }, [a, b, datasetId, first]);
}

export function useComparison(datasetId: DatasetId | null): ComparisonState {
  const query = useComparisonQuery(datasetId);
  const { data, error } = useQuery({
    queryKey: ["comparison", query],
    queryFn: query === null ? skipToken : () => api.runs.compare.query(query),
  });
  const order = useManyView((view) => view.order);
  const chosenClass = useManyView((view) => view.chosenClass);
  const withClass = useImagesWithClass(datasetId, chosenClass?.datasetClass ?? null);
  const images = useMemo(() => {
    const narrowed = withClass === null ? data?.images : data?.images.filter(({ imageId }) => withClass.has(imageId));
    return orderedImages(narrowed ?? [], order);
  }, [data, order, withClass]);
  return { query, comparison: data, images, error };
}

/** Images whose labels have the class; null: all. */
function useImagesWithClass(datasetId: DatasetId | null, datasetClass: number | null): ReadonlySet<string> | null {
  const { data } = useQuery({
    queryKey: ["images", datasetId, "withClass", datasetClass],
    queryFn:
      datasetId === null || datasetClass === null
        ? skipToken
        : () => api.datasets.imageIds.query({ datasetId, filter: { ...ALL_IMAGES.filter, classes: [datasetClass] } }),
  });
  return useMemo(() => (datasetClass === null ? null : new Set<string>(data ?? [])), [data, datasetClass]);
}

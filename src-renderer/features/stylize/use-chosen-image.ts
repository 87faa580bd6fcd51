// The image of one side: what was chosen, or the first of a condition of the sample that shows something.
import { skipToken, useQuery } from "@tanstack/react-query";
import type { Dataset, ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import { api } from "../../state/api.ts";
import { useImage } from "../../state/entities.ts";
import { firstDataset } from "../../state/first-choice.ts";
import type { Chosen } from "./stylize-view.ts";

/** Enough of the sample to see every weather; of another dataset only the first images count. */
const LOOKED_AT = 200;

export interface ChosenImage {
  readonly dataset: Dataset | null;
  readonly image: ImageItem | undefined;
}

/** @param condition  of the sample, whose first image is taken where none is chosen */
export function useChosenImage(chosen: Chosen, datasets: readonly Dataset[], condition: string): ChosenImage {
  const dataset = datasets.find(({ id }) => id === chosen.datasetId) ?? firstDataset(datasets);
  const id = dataset?.id;
  const { data: page } = useQuery({
    queryKey: ["images", id, "first"],
    queryFn: id === undefined ? skipToken : () => api.datasets.images.query({ datasetId: id, limit: LOOKED_AT }),
  });
  const picked = useImage(chosen.imageId);
  const items = page?.items ?? [];
  const first = items.find(({ key }) => key.startsWith(`${condition}/`)) ?? items[0];
  return { dataset, image: chosen.imageId === null ? first : picked };
}

// Datasets and images as the contract has them, from the rows of the database.
import { z } from "zod";
import {
  type Dataset,
  type DatasetNotice,
  datasetNoticeSchema,
  datasetSchema,
  type ImageItem,
} from "../../src-shared/contract/workbench/datasets.ts";
import type { DatasetId } from "../../src-shared/contract/workbench/ids.ts";
import { fromJson, type Row } from "./database.ts";
import type { Counts } from "./dataset-counts.ts";
import { imageIdAt } from "./new-id.ts";

/** @param faults  of files that were looked at since the listing */
export function datasetFromRow(row: Row, counts: Counts, faults: readonly DatasetNotice[]): Dataset {
  return datasetSchema.parse({
    id: row.id,
    name: row.name,
    path: row.path,
    layout: row.layout,
    layoutName: row.layout_name,
    isSample: row.is_sample === 1,
    isAvailable: row.is_available === 1,
    listing: fromJson(row.listing),
    notices: [...z.array(datasetNoticeSchema).parse(fromJson(row.notices)), ...faults],
    ...counts,
  });
}

/** Not checked against the schema: pages have hundreds of them, and nobody else writes the table. */
export function imageFromRow(row: Row, datasetId: DatasetId): ImageItem {
  return {
    id: imageIdAt(datasetId, Number(row.n)),
    datasetId,
    key: String(row.key),
    split: row.split as string | null,
    tags: fromJson(row.tags) as string[],
    hasLabels: row.label_path !== null,
    size: row.width === null ? null : { width: Number(row.width), height: Number(row.height) },
    scores: row.scored_by === null ? null : scoresFromRow(row),
  };
}

function scoresFromRow({ miou, entropy, confidence, gain }: Row): NonNullable<ImageItem["scores"]> {
  return {
    miou: miou as number | null,
    entropy: entropy as number | null,
    confidence: confidence as number | null,
    gain: gain as number | null,
  };
}

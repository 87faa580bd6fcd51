// Two sides of a comparison over many images: per image the newest finished run of each side.
import type { SQLInputValue } from "node:sqlite";
import { type Scores, scoresSchema } from "../../src-shared/contract/results.ts";
import type { ImageId, RunId } from "../../src-shared/contract/workbench/ids.ts";
import type { Comparison, ComparisonQuery, ComparisonSide } from "../../src-shared/contract/workbench/runs.ts";
import { type Database, fromJson, type Row } from "./database.ts";

type Pair = Comparison["images"][number];

export function compareRuns(database: Database, { datasetId, a, b }: ComparisonQuery): Comparison {
  const sideA = newestRuns(a);
  const sideB = newestRuns(b);
  const rows = database.all(
    `SELECT a.image_id AS image, image.key AS key, a.id AS run_a, b.id AS run_b, a.scores AS a, b.scores AS b
     FROM (${sideA.sql}) AS a JOIN (${sideB.sql}) AS b ON b.image = a.image
       JOIN image ON image.n = a.image JOIN dataset ON dataset.n = image.dataset AND dataset.id = a.dataset_id
     ORDER BY b.miou - a.miou DESC NULLS LAST, image.key`,
    ...[datasetId, ...sideA.values],
    ...[datasetId, ...sideB.values],
  );
  const images = rows.map(pairFromRow);
  return {
    images,
    meanA: meanScores(images.map(({ a: own }) => own)),
    meanB: meanScores(images.map(({ b: own }) => own)),
  };
}

function newestRuns({ checkpointId, stage, method, groupId }: ComparisonSide): {
  sql: string;
  values: SQLInputValue[];
} {
  const values: SQLInputValue[] = [checkpointId];
  let conditions = "dataset_id = ? AND checkpoint_id = ? AND status = 'finished'";
  if (method !== null) {
    conditions += " AND method = ?";
    values.push(method);
  }
  if (groupId !== null) {
    conditions += " AND group_id = ?";
    values.push(groupId);
  }
  const sql = `
    SELECT id, image_id, image, dataset_id, scores_${stage} AS scores, miou_${stage} AS miou FROM (
      SELECT *, row_number() OVER (PARTITION BY image ORDER BY ended_at DESC, n DESC) AS age FROM run WHERE ${conditions}
    ) WHERE age = 1`;
  return { sql, values };
}

function pairFromRow(row: Row): Pair {
  return {
    imageId: row.image as ImageId,
    key: String(row.key),
    runA: row.run_a as RunId,
    runB: row.run_b as RunId,
    a: scoresFrom(row.a),
    b: scoresFrom(row.b),
  };
}

function scoresFrom(text: unknown): Scores | null {
  return scoresSchema.nullable().parse(fromJson(text));
}

/** Means over the images that have a value, class by class. */
function meanScores(all: readonly (Scores | null)[]): Scores | null {
  const scores = all.filter((one) => one !== null);
  if (scores.length === 0) return null;
  const numClasses = Math.max(...new Set(scores.map(({ iou }) => iou.length)));
  const iou = Array.from({ length: numClasses }, (_, trainId) => meanOf(scores.map((one) => one.iou[trainId] ?? null)));
  return { miou: meanOf(scores.map(({ miou }) => miou)), iou };
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

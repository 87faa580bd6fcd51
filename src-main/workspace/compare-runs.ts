// Two sides of a comparison over many images: per image the newest finished run of each side.
import type { SQLInputValue } from "node:sqlite";
import type { Scores } from "../../src-shared/contract/results.ts";
import type { DatasetId, RunId } from "../../src-shared/contract/workbench/ids.ts";
import type { Comparison, ComparisonQuery, ComparisonSide } from "../../src-shared/contract/workbench/runs.ts";
import { type Database, fromJson, type Row } from "./database.ts";
import { imageIdAt } from "./new-id.ts";

type Pair = Comparison["images"][number];

/** Images that are not in the dataset any more are left out. */
export function compareRuns(database: Database, { datasetId, a, b }: ComparisonQuery): Comparison {
  const ofB = new Map(newestRuns(database, datasetId, b).map((row) => [row.image, row]));
  const images = newestRuns(database, datasetId, a).flatMap((rowA): Pair[] => {
    const rowB = ofB.get(rowA.image);
    return rowB === undefined ? [] : [pairOf(datasetId, rowA, rowB)];
  });
  const ordered = images.toSorted((one, other) => gainOf(other) - gainOf(one) || byName(one.key, other.key));
  const meanA = meanScores(images.map((pair) => pair.a));
  const meanB = meanScores(images.map((pair) => pair.b));
  return { images: ordered, meanA, meanB };
}

function newestRuns(database: Database, datasetId: DatasetId, side: ComparisonSide): Row[] {
  const { checkpointId, stage, method, groupId } = side;
  const values: SQLInputValue[] = [datasetId, checkpointId];
  let conditions = "run.dataset_id = ? AND run.checkpoint_id = ? AND run.status = 'finished'";
  if (method !== null) {
    conditions += " AND run.method = ?";
    values.push(method);
  }
  if (groupId !== null) {
    conditions += " AND run.group_id = ?";
    values.push(groupId);
  }
  // The images' own dataset is asked for too: a removed one keeps its rows for a while.
  const rows = database.all(
    `SELECT run.id, run.image, run.scores_${stage} AS scores, image.key FROM run
     JOIN image ON image.n = run.image JOIN dataset ON dataset.n = image.dataset AND dataset.id = run.dataset_id
     WHERE ${conditions} ORDER BY run.ended_at, run.n`,
    ...values,
  );
  return [...new Map(rows.map((row) => [row.image, row])).values()]; // of each image the last, which is the newest
}

function pairOf(datasetId: DatasetId, rowA: Row, rowB: Row): Pair {
  return {
    imageId: imageIdAt(datasetId, Number(rowA.image)),
    key: String(rowA.key),
    runA: rowA.id as RunId,
    runB: rowB.id as RunId,
    a: scoresFrom(rowA.scores),
    b: scoresFrom(rowB.scores),
  };
}

function scoresFrom(text: unknown): Scores | null {
  return fromJson(text) as Scores | null; // not checked against the schema: there are tens of thousands, all written by us
}

/** Below every gain when there is none. */
function gainOf({ a, b }: Pair): number {
  const [before, after] = [a?.miou ?? null, b?.miou ?? null];
  return before === null || after === null ? -2 : after - before;
}

function byName(one: string, other: string): number {
  return Number(one > other) - Number(one < other);
}

/** Means over the images that have a value, class by class. */
function meanScores(all: readonly (Scores | null)[]): Scores | null {
  const scores = all.filter((one) => one !== null);
  const numClasses = scores[0]?.iou.length;
  if (numClasses === undefined) return null;
  const iou = Array.from({ length: numClasses }, (_, trainId) => meanOf(scores.map((one) => one.iou[trainId] ?? null)));
  // Scores of an earlier version do not say which classes the labels have.
  const known = scores.filter(({ present }) => present !== undefined);
  return {
    miou: meanOf(scores.map(({ miou }) => miou)),
    iou,
    miouPresent: meanOf(known.map(({ miouPresent }) => miouPresent)),
    present: [...new Set(known.flatMap(({ present }) => present))].sort((a, b) => a - b),
  };
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

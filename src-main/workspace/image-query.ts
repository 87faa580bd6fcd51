// The grid's filters and orders as SQL: what passes, in which order, with whose scores.
import type { SQLInputValue } from "node:sqlite";
import type { ImageQuery } from "../../src-shared/contract/workbench/datasets.ts";

export interface SqlPart {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Figures of the newest finished run, kept in the image's row. */
const OWN_SCORES =
  "image.run AS run, image.miou AS miou, image.entropy AS entropy, image.confidence AS confidence, image.gain AS gain";
/** Figures of the run that the query names. */
const SCORES_OF_RUN =
  "run.id AS run, run.miou_after AS miou, run.entropy_after AS entropy, run.confidence_after AS confidence, " +
  "run.miou_after - run.miou_before AS gain";

const IMAGE_COLUMNS =
  "image.n AS n, image.key AS key, image.split AS split, image.tags AS tags, image.label_path AS label_path, image.width AS width, image.height AS height";

/** @param dataset  its place in the table */
export function filterOf({ filter }: ImageQuery, dataset: number): SqlPart {
  const conditions = ["image.dataset = ?"];
  const values: SQLInputValue[] = [dataset];
  if (filter.text !== "") {
    conditions.push("instr(image.folded_key, ?) > 0");
    values.push(foldedKey(filter.text));
  }
  if (filter.splits.length > 0) {
    conditions.push("image.split IN (SELECT value FROM json_each(?))");
    values.push(JSON.stringify(filter.splits));
  }
  for (const tag of filter.tags) {
    conditions.push("EXISTS (SELECT 1 FROM image_tag WHERE dataset = ? AND tag = ? AND image = image.n)");
    values.push(dataset, tag);
  }
  for (const trainId of filter.classes) {
    conditions.push("EXISTS (SELECT 1 FROM image_class WHERE dataset = ? AND train_id = ? AND image = image.n)");
    values.push(dataset, trainId);
  }
  if (filter.hasLabels !== null) conditions.push(`image.label_path IS ${filter.hasLabels ? "NOT " : ""}NULL`);
  return { sql: conditions.join(" AND "), values };
}

/** Rows of a page: images with the scores they are sorted by. */
export function pageOf(query: ImageQuery, dataset: number): SqlPart {
  const filter = filterOf(query, dataset);
  const { from, values } = source(query);
  const scores = query.runId === null ? OWN_SCORES : SCORES_OF_RUN;
  return {
    sql: `SELECT ${IMAGE_COLUMNS}, ${scores} FROM ${from} WHERE ${filter.sql} ORDER BY ${orderOf(query)} LIMIT ? OFFSET ?`,
    values: [...values, ...filter.values, query.limit, query.offset],
  };
}

/** Ids of all that pass, in the page's order. */
export function idsOf(query: ImageQuery, dataset: number): SqlPart {
  const filter = filterOf(query, dataset);
  const { from, values } = source(query);
  const sql = `SELECT image.n AS n FROM ${from} WHERE ${filter.sql} ORDER BY ${orderOf(query)}`;
  return { sql, values: [...values, ...filter.values] };
}

/** As keys are searched: in small letters. */
export function foldedKey(key: string): string {
  return key.toLowerCase();
}

function source({ runId }: ImageQuery): { from: string; values: readonly SQLInputValue[] } {
  if (runId === null) return { from: "image", values: [] };
  return { from: "image LEFT JOIN run ON run.image = image.n AND run.id = ?", values: [runId] };
}

/** Images without the figure come last either way; images with the same figure in the order of their names. */
function orderOf({ sort, runId }: ImageQuery): string {
  const direction = sort.descending ? "DESC" : "ASC";
  if (sort.by === "name") return `image.key ${direction}`;
  return `${scoreColumn(sort.by, runId !== null)} ${direction} NULLS LAST, image.key ASC`;
}

function scoreColumn(by: Exclude<ImageQuery["sort"]["by"], "name">, isOfRun: boolean): string {
  if (!isOfRun) return `image.${by}`;
  return by === "gain" ? "run.miou_after - run.miou_before" : `run.${by}_after`;
}

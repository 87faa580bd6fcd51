// The grid's filters and orders as SQL: which images pass, in which order, with whose scores.
import type { SQLInputValue } from "node:sqlite";
import type { ImageQuery } from "../../src-shared/contract/workbench/datasets.ts";
import type { RunId } from "../../src-shared/contract/workbench/ids.ts";

export interface SqlPart {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

const IMAGE_COLUMNS = "image.n, image.key, image.split, image.tags, image.label_path, image.width, image.height";
/** Figures of the newest result, kept in the image's row. */
const OWN_SCORES = "image.scored_by, image.miou, image.entropy, image.confidence, image.gain";
/** Figures of the run that the query names. */
const SCORES_OF_RUN =
  "run.id AS scored_by, run.miou_after AS miou, run.entropy_after AS entropy, run.confidence_after AS confidence, " +
  "run.miou_after - run.miou_before AS gain";

/**
 * The places of all images that pass, in the query's order. Images without the figure come last either way; images with
 * the same figure in the order they were listed.
 *
 * @param dataset  its place in the table
 */
export function placesOf(query: ImageQuery, dataset: number): SqlPart {
  const filter = filterOf(query, dataset);
  const source = sourceOf(query.runId);
  return {
    sql: `SELECT image.n FROM ${source.sql} WHERE ${filter.sql} ORDER BY ${orderOf(query)}`,
    values: [...source.values, ...filter.values],
  };
}

/** One image with its scores, by its place, which is the last value. */
export function imageSql(runId: RunId | null): SqlPart {
  const source = sourceOf(runId);
  const scores = runId === null ? OWN_SCORES : SCORES_OF_RUN;
  return { sql: `SELECT ${IMAGE_COLUMNS}, ${scores} FROM ${source.sql} WHERE image.n = ?`, values: source.values };
}

/** As keys are searched: in small letters. */
export function foldedKey(key: string): string {
  return key.toLowerCase();
}

function filterOf({ filter }: ImageQuery, dataset: number): SqlPart {
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
  const sets = [
    ...filter.tags.map((tag) => ({ sql: "SELECT image FROM image_tag WHERE dataset = ? AND tag = ?", value: tag })),
    ...filter.classes.map((trainId) => ({
      sql: "SELECT image FROM image_class WHERE dataset = ? AND train_id = ?",
      value: trainId,
    })),
  ];
  if (sets.length > 0) {
    // Measured with four classes and 100,000 images: a set of them 80 ms, one IN for each 180 ms, EXISTS 250 ms.
    conditions.push(`image.n IN (${sets.map(({ sql }) => sql).join(" INTERSECT ")})`);
    values.push(...sets.flatMap(({ value }) => [dataset, value]));
  }
  if (filter.hasLabels !== null) conditions.push(`image.label_path IS ${filter.hasLabels ? "NOT " : ""}NULL`);
  return { sql: conditions.join(" AND "), values };
}

function sourceOf(runId: RunId | null): SqlPart {
  if (runId === null) return { sql: "image", values: [] };
  return { sql: "image LEFT JOIN run ON run.image = image.n AND run.id = ?", values: [runId] };
}

function orderOf({ sort, runId }: ImageQuery): string {
  const direction = sort.descending ? "DESC" : "ASC";
  if (sort.by === "name") return `image.key ${direction}`;
  // What is equally similar stands by name.
  if (sort.by === "similarity") return "image.key";
  return `${scoreColumn(sort.by, runId !== null)} ${direction} NULLS LAST, image.n`;
}

function scoreColumn(by: Exclude<ImageQuery["sort"]["by"], "name" | "similarity">, isOfRun: boolean): string {
  if (!isOfRun) return `image.${by}`;
  return by === "gain" ? "run.miou_after - run.miou_before" : `run.${by}_after`;
}

// The columns that runs are shown, ordered, grouped and filtered by, as expressions of SQL.
import type { SQLInputValue } from "node:sqlite";
import {
  type FigureColumn,
  PARAMETER_METHODS,
  type ParameterColumn,
  type RunColumn,
  type RunFilter,
  trainIdOf,
} from "../../src-shared/contract/workbench/run-query.ts";
import { placeOf } from "./new-id.ts";

/** No image has this place. */
const NOWHERE = -1;

const SWEEP_NAME = "(SELECT json_extract(body, '$.name') FROM run_group WHERE run_group.id = run.group_id)";
const SWEEP_AGE = "(SELECT -run_group.n FROM run_group WHERE run_group.id = run.group_id)";

const FIGURES: Readonly<Record<FigureColumn, string>> = {
  image: "image_key",
  checkpoint: "checkpoint_name",
  sweep: SWEEP_NAME,
  method: "method",
  status: "status",
  createdAt: "created_at",
  duration: "ended_at - started_at",
  miouBefore: "coalesce(miou_stored, miou_before)",
  miou: "miou_after",
  gain: "miou_after - coalesce(miou_stored, miou_before)",
  entropy: "entropy_after",
  confidence: "confidence_after",
  loss: "last_loss",
  notes: "nullif(notes, '')",
};

/** The value of a column; nothing in it comes from outside, since columns are checked against their list. */
export function columnSql(column: RunColumn): string {
  const trainId = trainIdOf(column);
  if (trainId !== null) return `json_extract(scores_after, '$.iou[${trainId}]')`;
  return isFigure(column) ? FIGURES[column] : parameterSql(column as ParameterColumn); // neither class nor figure
}

function isFigure(column: RunColumn): column is FigureColumn {
  return column in FIGURES;
}

function parameterSql(column: ParameterColumn): string {
  const methods = PARAMETER_METHODS[column].map((method) => `'${method}'`).join(", ");
  return `iif(method IN (${methods}), json_extract(config, '$.${column}'), NULL)`;
}

/** How runs are put together by a column: what tells groups apart, what they are called, and their order. */
export interface Grouping {
  readonly key: string;
  readonly label: string;
  readonly order: string;
}

export function groupingSql(column: RunColumn): Grouping {
  const label = columnSql(column);
  if (column === "checkpoint") return { key: "checkpoint_id", label, order: label };
  if (column === "image") return { key: "image_id", label, order: label };
  if (column === "sweep") return { key: "group_id", label, order: SWEEP_AGE };
  return { key: label, label, order: label };
}

/** What a word of a search is looked for in; the sweep's name is asked for once, not for each run. */
const SEARCHED = ["image_key", "checkpoint_name", "notes"];
const HAS_WORD = `(${SEARCHED.map((column) => `${column} LIKE ? ESCAPE '\\'`).join(" OR ")} OR group_id IN
  (SELECT id FROM run_group WHERE json_extract(body, '$.name') LIKE ? ESCAPE '\\'))`;

export interface Conditions {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

export function conditionsOf(filter: RunFilter): Conditions {
  const conditions: string[] = ["1"];
  const values: SQLInputValue[] = [];
  const equal = {
    image: filter.imageId === null ? null : (placeOf(filter.imageId)?.place ?? NOWHERE),
    dataset_id: filter.datasetId,
    checkpoint_id: filter.checkpointId,
    group_id: filter.groupId,
  };
  for (const [column, value] of Object.entries(equal)) {
    if (value === null) continue;
    conditions.push(`${column} = ?`);
    values.push(value);
  }
  if (filter.statuses.length > 0) {
    conditions.push("status IN (SELECT value FROM json_each(?))");
    values.push(JSON.stringify(filter.statuses));
  }
  for (const word of filter.text.split(/\s+/).filter((part) => part !== "")) {
    conditions.push(HAS_WORD);
    values.push(...Array.from({ length: SEARCHED.length + 1 }, () => `%${word.replace(/[\\%_]/g, "\\$&")}%`));
  }
  for (const condition of filter.where) {
    const column = columnSql(condition.column);
    if ("values" in condition) {
      conditions.push(`(${column}) IN (SELECT value FROM json_each(?))`);
      values.push(JSON.stringify(condition.values));
    } else {
      conditions.push(`(${column}) BETWEEN ? AND ?`);
      values.push(condition.from, condition.to);
    }
  }
  return { sql: conditions.join(" AND "), values };
}

/** Groups by rising value, then the order asked for; what has no value is last. */
export function orderSql(groupBy: RunColumn | null, sort: { by: RunColumn; descending: boolean } | null): string {
  const parts: string[] = [];
  if (groupBy !== null) {
    const { order, key } = groupingSql(groupBy);
    parts.push(`(${order}) IS NULL`, order, key);
  }
  if (sort !== null) {
    const value = columnSql(sort.by);
    parts.push(`(${value}) IS NULL`, `${value} ${sort.descending ? "DESC" : "ASC"}`);
  }
  return [...parts, "n DESC"].join(", ");
}

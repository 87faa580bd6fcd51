// Lists of runs: a page of the table, its groups, and many runs as bare columns.
import type { RunId } from "../../src-shared/contract/workbench/ids.ts";
import type {
  RunCell,
  RunList,
  RunPoints,
  RunPointsQuery,
  RunQuery,
  RunSection,
  RunSectionQuery,
} from "../../src-shared/contract/workbench/run-query.ts";
import { runSectionSchema } from "../../src-shared/contract/workbench/run-query.ts";
import type { Database } from "./database.ts";
import { columnSql, conditionsOf, groupingSql, orderSql } from "./run-columns.ts";
import { summaryFromRow } from "./run-rows.ts";

export function listRuns(database: Database, query: RunQuery): RunList {
  const { sql, values } = conditionsOf(query);
  const total = Number(database.first(`SELECT count(*) AS total FROM run WHERE ${sql}`, ...values)?.total);
  const order = orderSql(query.groupBy, query.sort);
  const cells = query.columns.map((column, index) => `, ${columnSql(column)} AS cell${index}`).join("");
  const rows = database.all(
    // The page first, without whole rows: sorting those of 20,000 runs took 160 ms.
    `SELECT *${cells} FROM run WHERE n IN (SELECT n FROM run WHERE ${sql} ORDER BY ${order} LIMIT ? OFFSET ?)
     ORDER BY ${order}`,
    ...values,
    query.limit,
    query.offset,
  );
  return {
    total,
    runs: rows.map(summaryFromRow),
    cells: rows.map((row) => query.columns.map((_, index) => row[`cell${index}`] as RunCell)), // SQLite's own types
  };
}

export function runSections(database: Database, query: RunSectionQuery): RunSection[] {
  const { sql, values } = conditionsOf(query);
  const { key, label, order } = groupingSql(query.groupBy);
  const rows = database.all(
    `SELECT ${key} AS key, min(${label}) AS label, count(*) AS count,
       max(miou_after) AS bestMiou, avg(miou_after) AS meanMiou
     FROM run WHERE ${sql} GROUP BY 1 ORDER BY min(${order}) IS NULL, min(${order}), 1`,
    ...values,
  );
  return rows.map((row) => runSectionSchema.parse(row));
}

/** Ten thousand runs by ten columns: some ten milliseconds and a megabyte. */
export function runPoints(database: Database, query: RunPointsQuery): RunPoints {
  const { sql, values } = conditionsOf(query);
  const total = Number(database.first(`SELECT count(*) AS total FROM run WHERE ${sql}`, ...values)?.total);
  const columns = query.columns.map(columnSql).join(", ");
  const rows = database.table(
    `SELECT id, ${columns} FROM run WHERE ${sql} ORDER BY n DESC LIMIT ?`,
    ...values,
    query.limit,
  );
  // Not checked against the schema, which takes ten times as long: they are all written by us.
  return {
    total,
    ids: rows.map(([id]) => id as RunId),
    columns: query.columns.map((_, index) => rows.map((row) => row[index + 1] as RunCell)),
  };
}

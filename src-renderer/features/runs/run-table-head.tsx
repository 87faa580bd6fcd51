// The heads of the columns: a click orders the runs by one, the other way round, and back to the newest first.
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { CSSProperties } from "react";
import type { RunColumn, RunQuery } from "../../../src-shared/contract/workbench/run-query.ts";
import { changeRunTable } from "./change-run-table.ts";
import { columnTitle, nextSort } from "./run-columns.ts";

interface RunTableHeadProps {
  readonly columns: readonly RunColumn[];
  readonly sort: RunQuery["sort"];
  readonly style: CSSProperties;
}

export function RunTableHead({ columns, sort, style }: RunTableHeadProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a field set is for a form
    <div className="run-table-head" role="group" aria-label="Order of the runs" style={style}>
      <span />
      <Head column="image" title="Image and checkpoint" sort={sort} />
      {columns.map((column) => (
        <Head key={column} column={column} title={headTitle(column)} sort={sort} />
      ))}
    </div>
  );
}

/** Cells of scores leave out the sign that each of them would carry. */
function headTitle(column: RunColumn): string {
  return column === "miou" ? "Mean IoU in %" : columnTitle(column);
}

interface HeadProps {
  readonly column: RunColumn;
  readonly title: string;
  readonly sort: RunQuery["sort"];
}

function Head({ column, title, sort }: HeadProps) {
  const direction = sort?.by !== column ? null : sort.descending ? "descending" : "ascending";
  return (
    <button
      type="button"
      className="run-table-sort"
      title={`Sort by ${title.toLowerCase()}`}
      aria-label={direction === null ? `Sort by ${title}` : `Sorted by ${title}, ${direction}`}
      aria-pressed={direction !== null}
      onClick={() => changeRunTable({ sort: nextSort(sort, column) })}
    >
      <span className="run-table-sort-title">{title}</span>
      {direction === "descending" && <IconArrowDown size={13} stroke={2} aria-hidden="true" />}
      {direction === "ascending" && <IconArrowUp size={13} stroke={2} aria-hidden="true" />}
    </button>
  );
}

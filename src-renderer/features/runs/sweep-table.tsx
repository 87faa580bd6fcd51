// The sweep as a table that is sorted by any of its columns.
import { Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconStarFilled } from "@tabler/icons-react";
import { axesOf } from "../../../src-shared/contract/parameter-grid.ts";
import { parameterMeta, parameterText } from "../../../src-shared/contract/parameters.ts";
import { formatDuration } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import { durationOf, runTitle } from "../../state/run-words.ts";
import { figureText } from "./figure-text.ts";
import { openInAdapt } from "./run-actions.ts";
import { StatusMark } from "./run-status.tsx";
import { selectedOnly, selectedToo, useRunView } from "./run-view.ts";
import {
  FIGURES,
  isAxis,
  rowValue,
  SWEEP_FIGURES,
  type SweepAxis,
  type SweepColumn,
  type SweepFigure,
  type SweepGrid,
  type SweepRow,
  sortedRows,
} from "./sweep-layout.ts";
import type { Sweep } from "./use-sweep.ts";

interface SweepTableProps {
  readonly grid: SweepGrid;
  readonly sweep: Sweep;
  readonly best: string | null;
  readonly usesTruth: boolean;
}

export function SweepTable({ grid, sweep, best, usesTruth }: SweepTableProps) {
  const sort = useRunView((view) => view.sort);
  const figures = SWEEP_FIGURES.filter((figure) => usesTruth || !FIGURES[figure].usesTruth);
  const varied = axesOf(grid);
  const axes = varied.length === 0 ? (["numEpochs"] as const) : varied;
  const columns: readonly SweepColumn[] = [...axes, ...figures, "duration"];
  const sorted = sortedRows(sweep.rows, sort.by, sort.descending);
  return (
    <div className="sweep-table">
      <Table stickyHeader highlightOnHover verticalSpacing={6} horizontalSpacing={12}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <HeadCell key={column} column={column} title={titleOf(column)} sort={sort} />
            ))}
            <Table.Th>Status</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sweep.unadapted.map((row) => (
            <Row
              key={`unadapted ${row.key}`}
              row={row}
              axes={axes}
              figures={figures}
              isBest={row.key === best}
              isUnadapted
            />
          ))}
          {sorted.map((row) => (
            <Row key={row.key} row={row} axes={axes} figures={figures} isBest={row.key === best} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function titleOf(column: SweepColumn): string {
  if (column === "duration") return "Time";
  return isAxis(column) ? parameterMeta(column).title : FIGURES[column].title;
}

interface RowProps {
  readonly row: SweepRow;
  readonly axes: readonly SweepAxis[];
  readonly figures: readonly SweepFigure[];
  readonly isBest: boolean;
  readonly isUnadapted?: boolean;
}

function Row({ row, axes, figures, isBest, isUnadapted = false }: RowProps) {
  const { run } = row;
  const isSelected = useRunView((view) => view.selected.has(run.id));
  const duration = isUnadapted ? null : durationOf(run);
  const textOf = (axis: SweepAxis): string => {
    // Before any step nothing but alpha makes a difference.
    if (isUnadapted && axis !== "alpha" && axis !== "numEpochs") return "–";
    return parameterText(rowValue(row, axis));
  };
  return (
    <Table.Tr
      data-selected={isSelected || undefined}
      onClick={(event) =>
        useRunView.setState((view) =>
          event.ctrlKey || event.metaKey ? selectedToo(view, run.id) : selectedOnly(view, run.id),
        )
      }
      onDoubleClick={() => openInAdapt(run)}
    >
      {axes.map((axis, place) => (
        <Table.Td key={axis}>
          {place > 0 ? (
            textOf(axis)
          ) : (
            <UnstyledButton
              className="sweep-table-open"
              aria-label={isUnadapted ? "Show the unadapted prediction" : `Show ${runTitle(run)}`}
              aria-pressed={isSelected}
            >
              {isBest && <IconStarFilled size={12} aria-label="The best" />}
              {textOf(axis)}
            </UnstyledButton>
          )}
        </Table.Td>
      ))}
      {figures.map((figure) => (
        <Table.Td key={figure}>
          {figure === "gain" ? <GainText gain={row.figures.gain} /> : figureText(figure, row.figures[figure])}
        </Table.Td>
      ))}
      <Table.Td>{duration === null ? "–" : formatDuration(duration)}</Table.Td>
      <Table.Td>
        {isUnadapted ? <span className="dimmed">Unadapted</span> : <StatusMark status={run.status} />}
      </Table.Td>
    </Table.Tr>
  );
}

interface HeadCellProps {
  readonly column: SweepColumn;
  readonly title: string;
  readonly sort: { readonly by: SweepColumn; readonly descending: boolean };
}

function HeadCell({ column, title, sort }: HeadCellProps) {
  const isSorted = sort.by === column;
  const Arrow = sort.descending ? IconArrowDown : IconArrowUp;
  return (
    <Table.Th aria-sort={isSorted ? (sort.descending ? "descending" : "ascending") : "none"}>
      <UnstyledButton
        className="sweep-table-sort"
        onClick={() => useRunView.setState({ sort: { by: column, descending: isSorted && !sort.descending } })}
      >
        {title}
        {isSorted && <Arrow size={13} aria-hidden="true" />}
      </UnstyledButton>
    </Table.Th>
  );
}

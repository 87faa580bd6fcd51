// The sweep as a table that is sorted by any of its columns.
import { Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconStarFilled } from "@tabler/icons-react";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import { formatDuration } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import { durationOf, runTitle } from "../../state/run-words.ts";
import { figureText } from "./figure-text.ts";
import { openInAdapt } from "./run-actions.ts";
import { StatusMark } from "./run-status.tsx";
import { selectedOnly, selectedToo, useRunView } from "./run-view.ts";
import {
  AXIS_TITLES,
  FIGURES,
  SWEEP_AXES,
  SWEEP_FIGURES,
  type SweepColumn,
  type SweepRow,
  sortedRows,
} from "./sweep-layout.ts";

interface SweepTableProps {
  readonly rows: readonly SweepRow[];
  readonly best: RunId | null;
  readonly usesTruth: boolean;
}

export function SweepTable({ rows, best, usesTruth }: SweepTableProps) {
  const sort = useRunView((view) => view.sort);
  const selected = useRunView((view) => view.selected);
  const figures = SWEEP_FIGURES.filter((figure) => usesTruth || !FIGURES[figure].usesTruth);
  const titleOf = (column: SweepColumn): string => {
    if (column === "duration") return "Time";
    return column in AXIS_TITLES
      ? AXIS_TITLES[column as keyof typeof AXIS_TITLES]
      : FIGURES[column as keyof typeof FIGURES].title;
  };
  const columns: readonly SweepColumn[] = [...SWEEP_AXES, ...figures, "duration"];
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
          {sortedRows(rows, sort.by, sort.descending).map((row) => {
            const { run } = row;
            const duration = durationOf(run);
            return (
              <Table.Tr
                key={run.id}
                data-selected={selected.has(run.id) || undefined}
                onClick={(event) =>
                  useRunView.setState((view) =>
                    event.ctrlKey || event.metaKey ? selectedToo(view, run.id) : selectedOnly(view, run.id),
                  )
                }
                onDoubleClick={() => openInAdapt(run)}
              >
                <Table.Td>
                  <UnstyledButton
                    className="sweep-table-open"
                    aria-label={`Show ${runTitle(run)}`}
                    aria-pressed={selected.has(run.id)}
                  >
                    {run.id === best && <IconStarFilled size={12} aria-label="The best" />}
                    {run.config.baseLr}
                  </UnstyledButton>
                </Table.Td>
                <Table.Td>{run.config.numEpochs}</Table.Td>
                <Table.Td>{run.config.threshold}</Table.Td>
                {figures.map((figure) => (
                  <Table.Td key={figure}>
                    {figure === "gain" ? <GainText gain={row.figures.gain} /> : figureText(figure, row.figures[figure])}
                  </Table.Td>
                ))}
                <Table.Td>{duration === null ? "–" : formatDuration(duration)}</Table.Td>
                <Table.Td>
                  <StatusMark status={run.status} />
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </div>
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

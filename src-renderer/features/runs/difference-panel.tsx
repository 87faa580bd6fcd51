// Two runs beside each other: the parameters that differ, scores, classes, and where they were made.
import { Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { GainText } from "../../components/gain-text.tsx";
import { Notice } from "../../components/notice.tsx";
import { lineColor } from "../../components/series-colors.ts";
import { queries } from "../../state/queries.ts";
import { sentenceOf } from "../../state/tell.ts";
import "./difference-panel.css";
import { type DifferenceRow, runDifferences } from "./run-differences.ts";

/** More classes than these are the tail of small differences. */
const MAX_CLASSES = 8;

interface DifferencePanelProps {
  /** The older one first, which the other is measured by. */
  readonly a: RunSummary;
  readonly b: RunSummary;
}

export function DifferencePanel({ a, b }: DifferencePanelProps) {
  const [ofA, ofB] = [useQuery(queries.run(a.id)), useQuery(queries.run(b.id))];
  const error = ofA.error ?? ofB.error;
  if (error !== null) return <Notice level="error">{sentenceOf(error)}</Notice>;
  if (ofA.data === undefined || ofB.data === undefined) return <div className="skeleton runs-side-skeleton" />;
  const { parameters, scores, classes, environment } = runDifferences(ofA.data, ofB.data);
  return (
    <>
      <DifferenceTable title="Parameters that differ" rows={parameters} empty="All parameters are the same." />
      <DifferenceTable title="Scores" rows={scores} empty="Neither has scores yet." />
      {classes.length > 0 && (
        <DifferenceTable title="Classes that differ most" rows={classes.slice(0, MAX_CLASSES)} empty="" />
      )}
      <DifferenceTable
        title="How they were made"
        rows={environment}
        empty="The same image, checkpoint, program and machine."
      />
    </>
  );
}

interface DifferenceTableProps {
  readonly title: string;
  readonly rows: readonly DifferenceRow[];
  readonly empty: string;
}

function DifferenceTable({ title, rows, empty }: DifferenceTableProps) {
  return (
    <section className="run-panel-section">
      <h3>{title}</h3>
      {rows.length === 0 ? (
        <p className="dimmed difference-empty">{empty}</p>
      ) : (
        <Table className="difference-table" layout="fixed" verticalSpacing={3} horizontalSpacing={4}>
          <Table.Thead className="visually-hidden">
            <Table.Tr>
              <Table.Th>What</Table.Th>
              <Table.Th>First run</Table.Th>
              <Table.Th>Second run</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name, a, b, gain }) => (
              <Table.Tr key={name}>
                <Table.Td className="dimmed">{name}</Table.Td>
                <Value text={a} place={0} />
                <Value text={b} place={1}>
                  {gain !== null && <GainText gain={gain} />}
                </Value>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}

interface ValueProps {
  readonly text: string;
  readonly place: number;
  readonly children?: ReactNode;
}

/** In the colour of the run's curves. */
function Value({ text, place, children }: ValueProps) {
  return (
    <Table.Td title={text}>
      <span className="difference-dot" style={{ background: lineColor(place) }} aria-hidden="true" />
      {text} {children}
    </Table.Td>
  );
}

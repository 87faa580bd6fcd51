// A sweep: its pictures in a grid, a table, a plot, or its runs; one figure decides which of them is called best.
import { SegmentedControl, Select, Switch } from "@mantine/core";
import type { RunGroup } from "../../../src-shared/contract/workbench/runs.ts";
import { Notice } from "../../components/notice.tsx";
import { sentenceOf } from "../../state/tell.ts";
import { useRunView, withTruth } from "./run-view.ts";
import { bestRow, FIGURES, SWEEP_FIGURES, type SweepGrid } from "./sweep-layout.ts";
import { SweepPictures } from "./sweep-pictures.tsx";
import { SweepPlot } from "./sweep-plot.tsx";
import { SweepTable } from "./sweep-table.tsx";
import "./sweep-view.css";
import { useSweep } from "./use-sweep.ts";

interface SweepViewProps {
  readonly group: RunGroup;
  readonly grid: SweepGrid;
}

export function SweepView({ group, grid }: SweepViewProps) {
  const sweep = useSweep(group.id, grid);
  const tab = useRunView((view) => view.sweepTab);
  const figure = useRunView((view) => view.figure);
  const usesTruth = useRunView((view) => view.usesTruth);
  const best = bestRow([...sweep.unadapted, ...sweep.rows], figure);
  const hasScores = sweep.rows.some(({ figures }) => figures.miou !== null);
  if (sweep.error !== null && sweep.rows.length === 0) {
    return (
      <div className="sweep-message">
        <Notice level="error">{sentenceOf(sweep.error)}</Notice>
      </div>
    );
  }
  return (
    <>
      <div className="sweep-bar">
        <Select
          aria-label="Best by"
          w={168}
          allowDeselect={false}
          data={SWEEP_FIGURES.filter((entry) => usesTruth || !FIGURES[entry].usesTruth).map((entry) => ({
            value: entry,
            label: `${FIGURES[entry].isLessBetter ? "Least" : "Greatest"} ${FIGURES[entry].title === "Mean IoU" ? "mean IoU" : FIGURES[entry].title.toLowerCase()}`,
          }))}
          value={figure}
          onChange={(value) => {
            const chosen = SWEEP_FIGURES.find((entry) => entry === value);
            if (chosen !== undefined) useRunView.setState({ figure: chosen });
          }}
        />
        <span className="dimmed sweep-bar-hint">
          {FIGURES[figure].usesTruth ? "Chosen with the labels: no longer a fair score." : "Needs no labels."}
        </span>
        {hasScores && (
          <Switch
            className="sweep-bar-truth"
            label="Use the labels"
            labelPosition="left"
            checked={usesTruth}
            onChange={(event) => {
              const isOn = event.currentTarget.checked;
              useRunView.setState((view) => withTruth(view, isOn));
            }}
          />
        )}
      </div>
      {sweep.isLoading && <div className="sweep-skeleton skeleton" />}
      {!sweep.isLoading && tab === "pictures" && (
        <SweepPictures grid={grid} sweep={sweep} figure={figure} best={best} />
      )}
      {!sweep.isLoading && tab === "table" && (
        <SweepTable grid={grid} sweep={sweep} best={best} usesTruth={usesTruth} />
      )}
      {!sweep.isLoading && tab === "plot" && <SweepPlot grid={grid} rows={sweep.rows} figure={figure} best={best} />}
    </>
  );
}

const TABS = [
  { value: "pictures", label: "Pictures" },
  { value: "table", label: "Table" },
  { value: "plot", label: "Plot" },
  { value: "runs", label: "Runs" },
] as const;

export function SweepTabs() {
  const tab = useRunView((view) => view.sweepTab);
  return (
    <SegmentedControl
      aria-label="Show the sweep as"
      data={[...TABS]}
      value={tab}
      onChange={(value) => {
        const chosen = TABS.find((entry) => entry.value === value);
        if (chosen !== undefined) useRunView.setState({ sweepTab: chosen.value });
      }}
    />
  );
}

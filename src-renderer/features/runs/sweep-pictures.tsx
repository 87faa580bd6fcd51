// The sweep as small multiples: label maps by learning rate and iterations, a panel a threshold, the best one marked.
import { UnstyledButton } from "@mantine/core";
import { IconStarFilled } from "@tabler/icons-react";
import { useMemo } from "react";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { labelSetFor } from "../../../src-shared/labels/label-sets.ts";
import { PlaneThumbnail } from "../../components/plane-thumbnail.tsx";
import { useDisplay } from "../../state/display.ts";
import { planes } from "../../state/pixels.ts";
import { lastIteration, runTitle, STATUS_TITLES } from "../../state/run-words.ts";
import { classColorRow } from "../../viewer/color-rows.ts";
import { figureText } from "./figure-text.ts";
import { openInAdapt } from "./run-actions.ts";
import { RunningBar } from "./run-status.tsx";
import { selectedOnly, selectedToo, useRunView } from "./run-view.ts";
import { axisValues, FIGURES, type SweepFigure, type SweepGrid, type SweepRow, sweepPanels } from "./sweep-layout.ts";
import type { Sweep } from "./use-sweep.ts";

interface SweepPicturesProps {
  readonly grid: SweepGrid;
  readonly sweep: Sweep;
  readonly figure: SweepFigure;
  readonly best: RunId | null;
}

export function SweepPictures({ grid, sweep, figure, best }: SweepPicturesProps) {
  const panels = sweepPanels(grid, sweep.rows);
  const epochs = axisValues(grid, "numEpochs");
  const numClasses = sweep.rows[0]?.run.checkpoint.numClasses ?? 19;
  const palette = useDisplay((state) => state.palette);
  const colors = useMemo(() => {
    const set = labelSetFor(numClasses);
    return classColorRow(palette === "cityscapes" ? set.palette : set.colorBlindSafePalette, new Set());
  }, [numClasses, palette]);
  return (
    <div className="sweep-pictures">
      {panels.map(({ threshold, rows }) => (
        <section key={threshold} aria-label={`Threshold ${threshold}`}>
          {panels.length > 1 && <h2>Threshold {threshold}</h2>}
          <div
            className="sweep-grid"
            style={{ gridTemplateColumns: `56px repeat(${epochs.length}, minmax(96px, 260px))` }}
          >
            <span className="sweep-corner">lr ╲ iter.</span>
            {epochs.map((count) => (
              <span key={count} className="sweep-column">
                {count}
              </span>
            ))}
            {rows.map(({ baseLr, cells }) => [
              <span key={baseLr} className="sweep-row">
                {baseLr}
              </span>,
              ...cells.map((cell, index) => (
                <Picture
                  key={`${baseLr} ${epochs[index]}`}
                  cell={cell}
                  size={cell === null ? null : (sweep.details.get(cell.run.id)?.size ?? null)}
                  colors={colors}
                  figure={figure}
                  isBest={cell !== null && cell.run.id === best}
                />
              )),
            ])}
          </div>
        </section>
      ))}
    </div>
  );
}

interface PictureProps {
  readonly cell: SweepRow | null;
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly colors: Uint8Array;
  readonly figure: SweepFigure;
  readonly isBest: boolean;
}

function Picture({ cell, size, colors, figure, isBest }: PictureProps) {
  const isSelected = useRunView((view) => cell !== null && view.selected.has(cell.run.id));
  if (cell === null) return <span className="sweep-picture sweep-picture-none dimmed">deleted</span>;
  const { run, figures } = cell;
  const text = figureText(figure, figures[figure]);
  const url = routes.plane(run.id, lastIteration(run.config), "labels");
  const name = `${runTitle(run)}: ${FIGURES[figure].title} ${text}${isBest ? ", the best" : ""}`;
  return (
    <UnstyledButton
      className="sweep-picture"
      data-best={isBest || undefined}
      data-selected={isSelected || undefined}
      aria-pressed={isSelected}
      aria-label={run.status === "finished" ? name : `${runTitle(run)}: ${STATUS_TITLES[run.status]}`}
      onClick={(event) =>
        useRunView.setState((view) =>
          event.ctrlKey || event.metaKey ? selectedToo(view, run.id) : selectedOnly(view, run.id),
        )
      }
      onDoubleClick={() => openInAdapt(run)}
    >
      {run.status === "finished" ? (
        <PlaneThumbnail
          planeKey={url}
          load={(signal) => planes.get(url, signal)}
          size={size ?? { width: 0, height: 0 }}
          colors={colors}
          label={null}
        />
      ) : (
        <span className="sweep-picture-waiting" title={run.error?.message}>
          {run.status === "running" ? <RunningBar run={run} /> : STATUS_TITLES[run.status]}
        </span>
      )}
      <span className="sweep-picture-figure">
        {isBest && <IconStarFilled size={12} aria-hidden="true" />}
        {text}
      </span>
    </UnstyledButton>
  );
}

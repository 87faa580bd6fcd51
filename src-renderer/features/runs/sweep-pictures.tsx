// The sweep as small multiples: label maps by two of its axes, a panel for each combination of the others, the best one marked.

import { UnstyledButton } from "@mantine/core";
import { IconStarFilled } from "@tabler/icons-react";
import { useMemo } from "react";
import { parameterMeta, parameterText, shortName } from "../../../src-shared/contract/parameters.ts";
import { routes } from "../../../src-shared/contract/workbench/routes.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import { CITYSCAPES_19 } from "../../../src-shared/labels/label-sets.ts";
import { PlaneThumbnail } from "../../components/plane-thumbnail.tsx";
import { useDisplay } from "../../state/display.ts";
import { planes } from "../../state/pixels.ts";
import { runTitle, STATUS_TITLES } from "../../state/run-words.ts";
import { classColorRow } from "../../viewer/color-rows.ts";
import { figureText } from "./figure-text.ts";
import { openInAdapt } from "./run-actions.ts";
import { RunningBar } from "./run-status.tsx";
import { selectedOnly, selectedToo, useRunView } from "./run-view.ts";
import { FIGURES, type SweepFigure, type SweepGrid, type SweepRow, sweepPanels } from "./sweep-layout.ts";
import type { Sweep } from "./use-sweep.ts";

interface SweepPicturesProps {
  readonly grid: SweepGrid;
  readonly sweep: Sweep;
  readonly figure: SweepFigure;
  readonly best: string | null;
}

export function SweepPictures({ grid, sweep, figure, best }: SweepPicturesProps) {
  const { rowAxis, columnAxis, columns, panels } = sweepPanels(grid, sweep.rows);
  const modelClasses = labelSetOf(sweep.rows[0]?.run.checkpoint ?? CITYSCAPES_19);
  const palette = useDisplay((state) => state.palette);
  const colors = useMemo(() => {
    const set = modelClasses;
    return classColorRow(palette === "cityscapes" ? set.palette : set.colorBlindSafePalette, new Set());
  }, [modelClasses, palette]);
  const pictureOf = (cell: SweepRow | null, key: string) => (
    <Picture
      key={key}
      cell={cell}
      size={cell === null ? null : (sweep.details.get(cell.run.id)?.size ?? null)}
      colors={colors}
      figure={figure}
      isBest={cell !== null && cell.key === best}
    />
  );
  const gridTemplateColumns = `${rowAxis === null ? 0 : 76}px repeat(${columns.length}, minmax(96px, 260px))`;
  return (
    <div className="sweep-pictures">
      <section aria-label="Unadapted" className="sweep-unadapted">
        {sweep.unadapted.map((row) => (
          <div key={row.key}>
            <span className="sweep-column">
              Unadapted{sweep.unadapted.length > 1 ? `, alpha ${parameterText(row.run.config.alpha)}` : ""}
            </span>
            {pictureOf(row, row.key)}
          </div>
        ))}
      </section>
      {panels.map(({ title, rows }) => (
        <section key={title} aria-label={title === "" ? "Adapted" : title}>
          {title !== "" && <h2>{title}</h2>}
          <div className="sweep-grid" style={{ gridTemplateColumns }}>
            <span className="sweep-corner">
              {rowAxis === null ? "" : `${shortName(rowAxis)} ╲ ${columnAxis === "numEpochs" ? "iter." : ""}`}
            </span>
            {columns.map((column) => (
              <span key={parameterText(column)} className="sweep-column">
                {columnAxis === "numEpochs" ? "" : `${shortName(columnAxis)} `}
                {parameterText(column)}
              </span>
            ))}
            {rows.map(({ value, cells }) => [
              <span
                key={parameterText(value)}
                className="sweep-row"
                title={rowAxis === null ? undefined : parameterMeta(rowAxis).title}
              >
                {rowAxis === null ? "" : parameterText(value)}
              </span>,
              ...cells.map((cell, index) =>
                pictureOf(cell, `${parameterText(value)} ${parameterText(columns[index] ?? null)}`),
              ),
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
  const { run, iteration, figures } = cell;
  const hasPicture = figures.entropy !== null;
  const text = figureText(figure, figures[figure]);
  const url = routes.plane(run.id, iteration, "labels");
  const what = iteration === 0 ? "Unadapted" : `${runTitle(run)}, iteration ${iteration}`;
  const name = `${what}: ${FIGURES[figure].title} ${text}${isBest ? ", the best" : ""}`;
  return (
    <UnstyledButton
      className="sweep-picture"
      data-best={isBest || undefined}
      data-selected={isSelected || undefined}
      aria-pressed={isSelected}
      aria-label={hasPicture ? name : `${what}: ${STATUS_TITLES[run.status]}`}
      onClick={(event) =>
        useRunView.setState((view) =>
          event.ctrlKey || event.metaKey ? selectedToo(view, run.id) : selectedOnly(view, run.id),
        )
      }
      onDoubleClick={() => openInAdapt(run)}
    >
      {hasPicture ? (
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

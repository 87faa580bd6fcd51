// The classes: IoU before and after as bars with labels, share of the pixels without; shows and hides them, too.

import { SegmentedControl } from "@mantine/core";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { memo, useMemo } from "react";
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { referenceOf } from "../../../src-shared/verdict/verdict.ts";
import { formatGain } from "../../components/format.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { ClassSwatch } from "../../panes/class-swatch.tsx";
import { planeUrl, type Stop } from "../../panes/kept-prediction.ts";
import { showAllClasses, soloClass, toggleClass, useDisplay } from "../../state/display.ts";
import { type ClassOrder, useAdaptView } from "./adapt-view.ts";
import { type ClassRow, classRows, iouOf, pixelShares, shownChange } from "./class-scores.ts";
import { MeanScores } from "./mean-scores.tsx";
import type { PaneContext } from "./pane-sources.ts";
import { shownIteration } from "./scrub.ts";
import { usePlane } from "./use-plane.ts";
import "../../components/link-button.css";

const ORDERS: readonly { value: ClassOrder; label: string }[] = [
  { value: "change", label: "Change" },
  { value: "iou", label: "Value" },
  { value: "name", label: "Class" },
];

interface Props {
  readonly run: Run | null;
  readonly context: PaneContext;
}

export function ClassPanel({ run, context }: Props) {
  const order = useAdaptView((state) => state.classOrder);
  const scrub = useAdaptView((state) => state.scrub);
  const hiddenCount = useDisplay((state) => state.hiddenClasses.size);
  const classes = context.modelClasses;
  const kept = run?.kept ?? [];
  const hasScores = kept.some(({ scores }) => scores !== null);
  const stored = run === null ? null : referenceOf(run, "stored");
  const at = shownIteration(scrub, kept);
  const newest = kept.at(-1);
  const newestStop = run === null || newest === undefined ? null : { runId: run.id, iteration: newest.iteration };
  const { modelClasses } = context;
  const shares = {
    before: usePixelShares(hasScores ? null : context.before, modelClasses),
    after: usePixelShares(hasScores ? null : context.shown, modelClasses),
    newest: usePixelShares(hasScores ? null : newestStop, modelClasses),
  };
  const rows = useMemo(() => {
    const figures = hasScores
      ? {
          before: iouOf(stored?.scores ?? kept[0]?.scores),
          after: iouOf(kept.find(({ iteration }) => iteration === at)?.scores),
          newest: iouOf(kept.at(-1)?.scores),
        }
      : { before: shares.before, after: shares.after, newest: shares.newest };
    const known = classRows(figures, classes, order);
    // Before any run the classes are here to be shown and hidden.
    return known.length > 0 ? known : classes.names.map((name, trainId) => emptyRow(name, trainId));
  }, [kept, stored, at, hasScores, shares.before, shares.after, shares.newest, classes, order]);
  return (
    <section className="panel class-panel" aria-label="Classes">
      <header className="panel-head">
        <h2 className="panel-title">
          {run === null ? "Classes" : hasScores ? "IoU by class" : "Pixels by class"}
          {run !== null && <span className="dimmed"> before → {at === null ? "after" : `iteration ${at}`}</span>}
        </h2>
        {hiddenCount > 0 && (
          <button type="button" className="link-button" onClick={showAllClasses}>
            show all
          </button>
        )}
        {run !== null && (
          <SegmentedControl
            aria-label="Order of classes"
            value={order}
            onChange={(value) => useAdaptView.setState({ classOrder: value })}
            data={[...ORDERS]}
          />
        )}
      </header>
      <ul className="class-rows" style={{ gridTemplateRows: `repeat(${Math.ceil(rows.length / 2)}, 20px)` }}>
        {rows.map((row) => (
          <ClassLine key={row.trainId} row={row} modelClasses={context.modelClasses} isScored={hasScores} />
        ))}
      </ul>
      {run !== null && at !== null && <MeanScores run={run} iteration={at} classNames={classes.names} />}
    </section>
  );
}

interface ClassLineProps {
  readonly row: ClassRow;
  readonly modelClasses: LabelSet;
  /** Whether more is better: of pixels it is not. */
  readonly isScored: boolean;
}

function ClassLine({ row, modelClasses, isScored }: ClassLineProps) {
  const isHidden = useDisplay((state) => state.hiddenClasses.has(row.trainId));
  const palette = useDisplay((state) => state.palette);
  const classes = modelClasses;
  const color = (palette === "cityscapes" ? classes.palette : classes.colorBlindSafePalette)[row.trainId];
  const change = shownChange(row, isScored);
  const hasValues = row.before !== null || row.after !== null;
  return (
    <li className="class-row" data-hidden={isHidden || undefined}>
      <ClassSwitches trainId={row.trainId} name={row.name} modelClasses={modelClasses} isHidden={isHidden} />
      {hasValues && (
        <>
          <span className="class-bar" aria-hidden="true">
            <span
              className="class-bar-fill"
              style={{ width: `${(row.after ?? 0) * 100}%`, background: color && `rgb(${color.join(" ")})` }}
            />
            {row.before !== null && <span className="class-bar-before" style={{ left: `${row.before * 100}%` }} />}
          </span>
          <span className="class-value">{row.after === null ? "–" : (row.after * 100).toFixed(1)}</span>
          <span className="class-change" data-sign={isScored ? signOf(change) : undefined}>
            {formatGain(change)}
          </span>
        </>
      )}
    </li>
  );
}

interface ClassSwitchesProps {
  readonly trainId: number;
  readonly name: string;
  readonly modelClasses: LabelSet;
  readonly isHidden: boolean;
}

/** Kept while figures change: of all in a line it takes the longest to draw. */
const ClassSwitches = memo(function ClassSwitches({ trainId, name, modelClasses, isHidden }: ClassSwitchesProps) {
  return (
    <>
      <IconButton
        className="class-eye"
        size={18}
        label={isHidden ? `Show ${name}` : `Hide ${name}`}
        onClick={() => toggleClass(trainId, name)}
      >
        {isHidden ? <IconEyeOff size={13} /> : <IconEye size={13} />}
      </IconButton>
      <button
        type="button"
        className="class-name"
        title={`Show only ${name}`}
        onClick={() => soloClass(trainId, name, modelClasses.numClasses)}
      >
        <ClassSwatch trainId={trainId} modelClasses={modelClasses} />
        <span className="cut">{name}</span>
      </button>
    </>
  );
});

function signOf(change: number | null): "up" | "down" | undefined {
  if (change === null || change === 0) return undefined;
  return change > 0 ? "up" : "down";
}

function emptyRow(name: string, trainId: number): ClassRow {
  return { trainId, name, before: null, after: null, change: null };
}

/** Without labels: how much of the picture each class takes, counted from the planes. */
function usePixelShares(stop: Stop | null, modelClasses: LabelSet): readonly (number | null)[] | null {
  const labels = usePlane(stop === null ? null : planeUrl(stop, "labels"));
  return useMemo(() => (labels === null ? null : pixelShares(labels, modelClasses.numClasses)), [labels, modelClasses]);
}

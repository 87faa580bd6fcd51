// The confusion matrix as a picture of shares: every cell leads to the images that have most of it.

import { SegmentedControl } from "@mantine/core";
import { type KeyboardEvent, useMemo, useState } from "react";
import { FIGURE_DEFINITIONS } from "../../../src-shared/contract/evaluation.ts";
import type { ConfusionCell } from "../../../src-shared/contract/workbench/evaluations.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { formatCount, formatPercent, formatShare } from "../../components/format.ts";
import { cellAfterKey, cellAt, cellShares, mostConfused, type Normalisation } from "./confusion.ts";
import { showImagesOf, useEvaluateView } from "./evaluate-view.ts";
import "./confusion-matrix.css";

interface ConfusionMatrixProps {
  /** [K, K] pixel counts, row = label */
  readonly confusion: readonly number[];
  readonly modelClasses: LabelSet;
}

export function ConfusionMatrix({ confusion, modelClasses }: ConfusionMatrixProps) {
  const by = useEvaluateView((view) => view.normalisation);
  const [pointed, setPointed] = useState<ConfusionCell | null>(null);
  const { names } = modelClasses;
  return (
    <section className="figure-panel confusion-panel">
      <header className="figure-panel-head">
        <h2>Confusion matrix</h2>
        <SegmentedControl
          aria-label="Shares of"
          value={by}
          onChange={(value) => useEvaluateView.setState({ normalisation: value === "columns" ? "columns" : "rows" })}
          data={[
            { value: "rows", label: "of the labelled" },
            { value: "columns", label: "of the predicted" },
          ]}
        />
      </header>
      <Cells confusion={confusion} names={names} by={by} pointed={pointed} onPoint={setPointed} />
      <p className="confusion-told" role="status">
        {pointed === null ? (
          <Worst confusion={confusion} names={names} />
        ) : (
          <Told cell={pointed} confusion={confusion} names={names} by={by} />
        )}
      </p>
      <p className="figure-definition">
        {FIGURE_DEFINITIONS.confusion} Numbers are per cent of the {by === "rows" ? "row" : "column"}. Choose a cell to
        see the images with most of it.
      </p>
    </section>
  );
}

/** From here on a cell is most of its row or column. */
const STRONG = 0.5;

interface CellsProps {
  readonly confusion: readonly number[];
  readonly names: readonly string[];
  readonly by: Normalisation;
  readonly pointed: ConfusionCell | null;
  readonly onPoint: (cell: ConfusionCell | null) => void;
}

/** One place takes the focus and the keys: several hundred stops of the tab key would help nobody. */
function Cells({ confusion, names, by, pointed, onPoint }: CellsProps) {
  const numClasses = names.length;
  const shares = useMemo(() => cellShares(confusion, numClasses, by), [confusion, numClasses, by]);
  const onKeyDown = (event: KeyboardEvent) => {
    const cell = pointed ?? { label: 0, predicted: 0 };
    if (event.key === "Enter" || event.key === " ") showImagesOf({ kind: "cell", ...cell });
    else {
      const next = cellAfterKey(cell, event.key, numClasses);
      if (next === null) return;
      onPoint(next);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const id = pointed === null ? undefined : `confusion-${pointed.label}-${pointed.predicted}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table that is walked through by arrow keys is a grid
    <div
      role="grid"
      tabIndex={0}
      aria-label="Confusion matrix, rows labelled, columns predicted"
      aria-activedescendant={id}
      className="confusion-cells"
      style={{ gridTemplateColumns: `108px repeat(${numClasses}, minmax(0, 1fr))` }}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onPoint(null)}
      onBlur={() => onPoint(null)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      <div role="row" className="confusion-row">
        <span className="confusion-corner" role="presentation">
          predicted →
        </span>
        {names.map((name, predicted) => (
          // biome-ignore lint/a11y/useSemanticElements: as above
          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
          <span
            key={name}
            role="columnheader"
            className="confusion-column"
            data-on={pointed?.predicted === predicted || undefined}
          >
            <span>{name}</span>
          </span>
        ))}
      </div>
      {names.map((name, label) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
        <div key={name} role="row" className="confusion-row">
          {/* biome-ignore lint/a11y/useSemanticElements: as above */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
          <span role="rowheader" className="confusion-name" data-on={pointed?.label === label || undefined}>
            {name}
          </span>
          {names.map((other, predicted) => {
            const index = label * numClasses + predicted;
            const share = shares[index] ?? null;
            const isPointed = pointed?.label === label && pointed.predicted === predicted;
            return (
              // biome-ignore lint/a11y/useSemanticElements: as above
              // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys
              <span
                key={other}
                role="gridcell"
                id={`confusion-${label}-${predicted}`}
                className="confusion-cell"
                aria-label={`${name} predicted as ${other}: ${share === null ? "none" : `${formatPercent(share)}`}`}
                data-right={label === predicted || undefined}
                data-strong={(share ?? 0) >= STRONG || undefined}
                data-on={isPointed || undefined}
                style={{ backgroundColor: shade(share, label === predicted) }}
                onPointerEnter={() => onPoint(cellAt(index, numClasses))}
                onClick={() => showImagesOf({ kind: "cell", label, predicted })}
              >
                {share === null || share < 0.005 ? "" : Math.round(share * 100)}
              </span>
            );
          })}
        </div>
      ))}
    </div>
  );
}

function Told({
  cell,
  confusion,
  names,
  by,
}: Pick<CellsProps, "confusion" | "names" | "by"> & { cell: ConfusionCell }) {
  const index = cell.label * names.length + cell.predicted;
  const share = cellShares(confusion, names.length, by)[index] ?? null;
  const pixels = confusion[index] ?? 0;
  const [label, predicted] = [names[cell.label], names[cell.predicted]];
  return (
    <>
      <strong>{formatCount(pixels)}</strong> pixels of <strong>{label}</strong>{" "}
      {cell.label === cell.predicted ? (
        "are right"
      ) : (
        <>
          are taken for <strong>{predicted}</strong>
        </>
      )}
      {share !== null &&
        `: ${formatShare(share)} of what is ${by === "rows" ? `labelled ${label}` : `predicted ${predicted}`}`}
    </>
  );
}

function Worst({ confusion, names }: Pick<CellsProps, "confusion" | "names">) {
  const worst = mostConfused(confusion, names.length, 3);
  if (worst.length === 0) return "No pixel is wrong.";
  return (
    <>
      Most wrong pixels:{" "}
      {worst.map(({ label, predicted, share }, place) => (
        <span key={`${label}-${predicted}`}>
          {place > 0 && ", "}
          <button
            type="button"
            className="confusion-link"
            onClick={() => showImagesOf({ kind: "cell", label, predicted })}
          >
            {names[label]} as {names[predicted]}
          </button>{" "}
          <span className="dimmed">{formatShare(share)}</span>
        </span>
      ))}
    </>
  );
}

/**
 * Small shares are the ones to be seen, so they are raised: 1 per cent has a tint. Nothing lies between half and strong,
 * where neither light nor dark numbers could be read.
 */
function shade(share: number | null, isRight: boolean): string {
  const known = share ?? 0;
  const strength = known < STRONG ? 48 * (known / STRONG) ** 0.6 : 90 + 10 * ((known - STRONG) / (1 - STRONG));
  return `color-mix(in srgb, var(${isRight ? "--accent" : "--danger"}) ${Math.round(strength)}%, var(--panel))`;
}

// The figures with what each of them is, the classes, the confusion matrix and the reliability diagram.

import { SegmentedControl, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { type EvaluationSummary, FIGURE_DEFINITIONS } from "../../../src-shared/contract/evaluation.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { labelledClasses, predictedAloneSentence } from "../../../src-shared/labels/labelled-classes.ts";
import { unknownSentence } from "../../../src-shared/labels/unknown-sentence.ts";
import { countOf, formatCount, formatGain, formatShare } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import { classColors } from "../../state/class-colors.ts";
import { useDisplay } from "../../state/display.ts";
import { CLASS_ORDERS, type ClassRow, classRows } from "./class-rows.ts";
import { ConfusionMatrix } from "./confusion-matrix.tsx";
import { showImagesOf, useEvaluateView } from "./evaluate-view.ts";
import "./figures-tab.css";
import { ReliabilityDiagram } from "./reliability-diagram.tsx";

interface FiguresTabProps {
  readonly summary: EvaluationSummary;
  readonly classes: LabelSet;
  /** Of the evaluation that this one is compared with. */
  readonly other: EvaluationSummary | null;
}

/** @param domains  stands above everything else */
export function FiguresTab({ summary, classes, other, domains }: FiguresTabProps & { readonly domains: ReactNode }) {
  return (
    <div className="figures-tab">
      {domains}
      <FigureTable summary={summary} classes={classes} other={other} />
      <Reliability summary={summary} classes={classes} other={other} />
      {summary.pooled !== null && (
        <>
          <ConfusionMatrix confusion={summary.pooled.confusion} modelClasses={classes} />
          <Classes iou={summary.pooled.iou} other={other?.pooled?.iou ?? null} modelClasses={classes} />
        </>
      )}
    </div>
  );
}

/** Less is better, or neither is. */
type Direction = "up" | "down" | "none";

interface FigureRow {
  readonly title: string;
  readonly definition: string;
  readonly of: (summary: EvaluationSummary) => number | null;
  readonly better: Direction;
}

const FIGURES: readonly FigureRow[] = [
  {
    title: "Mean IoU",
    definition: FIGURE_DEFINITIONS.miou,
    of: ({ pooled }) => pooled?.miou ?? null,
    better: "up",
  },
  {
    title: "Mean IoU of the labelled classes",
    definition: FIGURE_DEFINITIONS.labelledMiou,
    of: (summary) => labelledClasses(summary)?.miou ?? null,
    better: "up",
  },
  {
    title: "Mean of the images' mean IoU",
    definition: FIGURE_DEFINITIONS.meanImageMiou,
    of: ({ meanImageMiou }) => meanImageMiou,
    better: "up",
  },
  {
    title: "Calibration error",
    definition: FIGURE_DEFINITIONS.ece,
    of: ({ calibration }) => calibration?.ece ?? null,
    better: "down",
  },
  { title: "Entropy", definition: FIGURE_DEFINITIONS.entropy, of: ({ entropy }) => entropy, better: "none" },
  {
    title: "Confidence",
    definition: FIGURE_DEFINITIONS.confidence,
    of: ({ confidence }) => confidence,
    better: "none",
  },
];

function FigureTable({ summary, classes: { names }, other }: FiguresTabProps) {
  const { images, labelled, failed } = summary;
  const classes = labelledClasses(summary);
  const alone = classes && predictedAloneSentence(classes, names);
  return (
    <section className="figure-panel figure-table-panel">
      <header className="figure-panel-head">
        <h2>Figures</h2>
        <span className="dimmed">
          {labelled === images
            ? countOf(images, "image")
            : `${countOf(images, "image")}, ${formatCount(labelled)} with labels`}
          {failed > 0 && `, ${formatCount(failed)} failed`}
        </span>
      </header>
      {other !== null && other.images !== images && (
        <p className="figure-uneven">
          The compared figures are over {countOf(other.images, "image")}: part of the change comes from the images.
        </p>
      )}
      {summary.unknownLabels !== undefined && <p className="figure-uneven">{unknownSentence(summary.unknownLabels)}</p>}
      {alone !== null && <p className="figure-definition">{alone}</p>}
      <table className="figure-table">
        <thead>
          <tr>
            <th scope="col">Figure and what it is</th>
            <th scope="col">This</th>
            {other !== null && (
              <>
                <th scope="col">Compared</th>
                <th scope="col">Change</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {FIGURES.map(({ title, definition, of, better }) => (
            <tr key={title}>
              <th scope="row">
                <span className="figure-title">{title}</span>
                <span className="figure-definition">{withoutTitle(definition)}</span>
              </th>
              <td className="figure-value">{formatShare(of(summary))}</td>
              {other !== null && (
                <>
                  <td>{formatShare(of(other))}</td>
                  <td>
                    <Change from={of(other)} to={of(summary)} better={better} />
                  </td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The title stands above it already. */
function withoutTitle(definition: string): string {
  const rest = definition.replace(/^(Mean of the images' own mean IoU|Expected calibration error|Reliability): /, "");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function Change({ from, to, better }: { from: number | null; to: number | null; better: Direction }) {
  const change = from === null || to === null ? null : to - from;
  if (better === "none" || change === null) return <span className="dimmed">{formatGain(change)}</span>;
  const sign = Math.abs(change) < 0.0005 ? undefined : change > 0 === (better === "up") ? "gain" : "loss";
  return (
    <span className="gain-text" data-sign={sign}>
      {formatGain(change)}
    </span>
  );
}

function Reliability({ summary, other }: FiguresTabProps) {
  return (
    <section className="figure-panel">
      <header className="figure-panel-head">
        <h2>Reliability</h2>
      </header>
      {summary.calibration === null ? (
        <p className="figure-empty">Without labels nobody knows which pixels are right.</p>
      ) : (
        <>
          <ReliabilityDiagram
            reliability={summary.calibration.reliability}
            other={other?.calibration?.reliability ?? null}
          />
          <p className="figure-definition">{withoutTitle(FIGURE_DEFINITIONS.reliability)}</p>
        </>
      )}
    </section>
  );
}

const CLASS_ORDER_TITLES = { class: "As listed", iou: "By IoU", gain: "By change" } as const;

interface ClassesProps {
  readonly iou: readonly (number | null)[];
  readonly other: readonly (number | null)[] | null;
  readonly modelClasses: LabelSet;
}

function Classes({ iou, other, modelClasses }: ClassesProps) {
  const chosen = useEvaluateView((view) => view.classOrder);
  const order = chosen === "gain" && other === null ? "class" : chosen;
  const palette = useDisplay((state) => state.palette);
  const colors = classColors(modelClasses, palette);
  return (
    <section className="figure-panel">
      <header className="figure-panel-head">
        <h2>IoU by class</h2>
        <SegmentedControl
          aria-label="Order of the classes"
          value={order}
          onChange={(value) =>
            useEvaluateView.setState({ classOrder: CLASS_ORDERS.find((entry) => entry === value) ?? "class" })
          }
          data={CLASS_ORDERS.filter((entry) => entry !== "gain" || other !== null).map((value) => ({
            value,
            label: CLASS_ORDER_TITLES[value],
          }))}
        />
      </header>
      <ul className="class-figures">
        {classRows(iou, other, order, modelClasses.names).map((row) => (
          <li key={row.trainId}>
            <ClassFigure row={row} color={colors[row.trainId]?.color ?? ""} isCompared={other !== null} />
          </li>
        ))}
      </ul>
      <p className="figure-definition">
        Right pixels of all that are labelled or predicted as the class, over the pixels of all images.
        {other !== null && " The line in a bar is the compared evaluation."} Choose a class to see its worst images.
      </p>
    </section>
  );
}

interface ClassFigureProps {
  readonly row: ClassRow;
  readonly color: string;
  readonly isCompared: boolean;
}

function ClassFigure({ row: { trainId, name, iou, other, gain }, color, isCompared }: ClassFigureProps) {
  return (
    <UnstyledButton
      className="class-figure"
      data-compared={isCompared || undefined}
      disabled={iou === null}
      title={`Show the images with ${name}, the lowest IoU first`}
      onClick={() => showImagesOf({ kind: "class", trainId })}
    >
      <span className="class-figure-dot" style={{ background: color }} />
      <span className="class-figure-name">{name}</span>
      <span className="class-figure-track" aria-hidden="true">
        <span className="class-figure-fill" style={{ background: color, width: `${(iou ?? 0) * 100}%` }} />
        {other !== null && <span className="class-figure-other" style={{ left: `${other * 100}%` }} />}
      </span>
      <span className="class-figure-value">{iou === null ? "–" : (iou * 100).toFixed(1)}</span>
      {isCompared && (
        <span className="class-figure-value">
          <GainText gain={gain} />
        </span>
      )}
    </UnstyledButton>
  );
}

// What the colours of a pane mean, where they are not those of the classes, and how many pixels of errors there are.

import { type ReactNode, useMemo } from "react";
import { IGNORE_LABEL } from "../../src-shared/labels/ignore-label.ts";
import type { LabelSet } from "../../src-shared/labels/label-sets.ts";
import { formatCount, formatShare } from "../components/format.ts";
import { soloClassOf, useDisplay } from "../state/display.ts";
import { rampColor } from "../viewer/color-rows.ts";
import { errorCounts } from "../viewer/error-counts.ts";
import type { Layer, Picture } from "../viewer/picture.ts";
import {
  FALSE_NEGATIVE_COLOR,
  FALSE_POSITIVE_COLOR,
  FIXED_COLOR,
  STILL_WRONG_COLOR,
  TRUE_POSITIVE_COLOR,
  WRONG_COLOR,
} from "../viewer/shade.ts";
import "./pane-legend.css";

type Color = readonly [number, number, number];

const css = ([red, green, blue]: Color): string => `rgb(${red} ${green} ${blue})`;
const RAMP = `linear-gradient(to right, ${Array.from({ length: 9 }, (_, index) => css(rampColor(index / 8))).join(", ")})`;

interface Props {
  readonly picture: Picture | null;
  /** What a heat map is of. */
  readonly heat: "confidence" | "entropy" | null;
  readonly modelClasses: LabelSet;
}

export function PaneLegend({ picture, heat, modelClasses }: Props) {
  const layer = picture?.layer;
  if (layer?.kind === "heat" && heat !== null) {
    return (
      <div className="pane-legend">
        <span>{heat === "confidence" ? "unsure" : "sure"}</span>
        <span className="pane-legend-ramp" style={{ background: RAMP }} />
        <span>{heat === "confidence" ? "sure" : "unsure"}</span>
      </div>
    );
  }
  if (layer?.kind === "errors") return <ErrorLegend layer={layer} modelClasses={modelClasses} />;
  if (layer?.kind !== "difference") return null;
  if (layer.truth === null) return <div className="pane-legend">the new class where it changed</div>;
  return (
    <div className="pane-legend">
      <Swatch color={FIXED_COLOR}>fixed</Swatch>
      <Swatch color={WRONG_COLOR}>broken</Swatch>
      <Swatch color={STILL_WRONG_COLOR}>wrong otherwise</Swatch>
    </div>
  );
}

interface ErrorLegendProps {
  readonly layer: Layer & { readonly kind: "errors" };
  readonly modelClasses: LabelSet;
}

/** Of all classes the share of wrong pixels; of one that is shown alone what was found, made up and missed. */
function ErrorLegend({ layer: { labels, truth, counted }, modelClasses }: ErrorLegendProps) {
  const solo = useDisplay(({ hiddenClasses }) => soloClassOf(hiddenClasses, modelClasses.numClasses)) ?? IGNORE_LABEL;
  const bandPx = useDisplay((state) => state.errorBandPx);
  const counts = useMemo(
    () => errorCounts(labels.bytes, truth.bytes, counted?.bytes ?? null, modelClasses.numClasses),
    [labels, truth, counted, modelClasses],
  );
  const where = counted === null ? null : <span>within {bandPx} px of a border</span>;
  if (solo === IGNORE_LABEL) {
    return (
      <div className="pane-legend">
        <Swatch color={WRONG_COLOR}>
          wrong {formatShare(counts.counted === 0 ? null : counts.wrong / counts.counted)}
        </Swatch>
        {where}
      </div>
    );
  }
  const pixels = (of: Uint32Array): string => formatCount(of[solo] ?? 0);
  return (
    <div className="pane-legend" title="Pixels of this image">
      <span>{modelClasses.names[solo]}</span>
      <Swatch color={TRUE_POSITIVE_COLOR}>true positive {pixels(counts.truePositives)}</Swatch>
      <Swatch color={FALSE_POSITIVE_COLOR}>false positive {pixels(counts.falsePositives)}</Swatch>
      <Swatch color={FALSE_NEGATIVE_COLOR}>false negative {pixels(counts.falseNegatives)}</Swatch>
      {where}
    </div>
  );
}

function Swatch({ color, children }: { readonly color: Color; readonly children: ReactNode }) {
  return (
    <span className="pane-legend-entry">
      <span className="swatch" style={{ background: css(color) }} />
      {children}
    </span>
  );
}

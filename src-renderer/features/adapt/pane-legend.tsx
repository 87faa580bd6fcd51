// What the colours of a pane mean, where they are not those of the classes.
import { rampColor } from "../../viewer/color-rows.ts";
import { FIXED_COLOR, STILL_WRONG_COLOR, WRONG_COLOR } from "../../viewer/shade.ts";
import type { PaneSource } from "./pane-sources.ts";

const css = ([red, green, blue]: readonly [number, number, number]): string => `rgb(${red} ${green} ${blue})`;
const RAMP = `linear-gradient(to right, ${Array.from({ length: 9 }, (_, index) => css(rampColor(index / 8))).join(", ")})`;

export function PaneLegend({ source, hasTruth }: { readonly source: PaneSource; readonly hasTruth: boolean }) {
  if (source === "confidence" || source === "entropy") {
    return (
      <div className="pane-legend">
        <span>{source === "confidence" ? "unsure" : "sure"}</span>
        <span className="pane-legend-ramp" style={{ background: RAMP }} />
        <span>{source === "confidence" ? "sure" : "unsure"}</span>
      </div>
    );
  }
  if (source === "errors") return <Swatches entries={[["wrong", WRONG_COLOR]]} />;
  if (source === "difference" && hasTruth) {
    return (
      <Swatches
        entries={[
          ["fixed", FIXED_COLOR],
          ["broken", WRONG_COLOR],
          ["wrong otherwise", STILL_WRONG_COLOR],
        ]}
      />
    );
  }
  if (source === "difference") return <div className="pane-legend">the new class where it changed</div>;
  return null;
}

function Swatches({
  entries,
}: {
  readonly entries: readonly (readonly [string, readonly [number, number, number]])[];
}) {
  return (
    <div className="pane-legend">
      {entries.map(([name, color]) => (
        <span key={name} className="pane-legend-entry">
          <span className="swatch" style={{ background: css(color) }} />
          {name}
        </span>
      ))}
    </div>
  );
}

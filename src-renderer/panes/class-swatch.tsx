// A square in a class's colour, and the class's name with its ids.
import type { LabelSet } from "../../src-shared/labels/label-sets.ts";
import { useDisplay } from "../state/display.ts";
import { patternOf } from "../viewer/class-pattern.ts";
import type { ProbedClass } from "../viewer/probe.ts";
import "./probe.css";

interface SwatchProps {
  /** Null: of a hidden class, which has no colour. */
  readonly trainId: number | null;
  readonly modelClasses: LabelSet;
}

export function ClassSwatch({ trainId, modelClasses }: SwatchProps) {
  const palette = useDisplay((state) => state.palette);
  const hasPatterns = useDisplay((state) => state.hasPatterns);
  const classes = modelClasses;
  const colors = palette === "cityscapes" ? classes.palette : classes.colorBlindSafePalette;
  const color = trainId === null ? undefined : colors[trainId];
  const pattern = hasPatterns && trainId !== null ? patternOf(trainId) : 0;
  return (
    <span
      className="swatch"
      data-pattern={pattern || undefined}
      style={color && { backgroundColor: `rgb(${color.join(" ")})` }}
    />
  );
}

export function ClassName({ entry, modelClasses }: { readonly entry: ProbedClass; readonly modelClasses: LabelSet }) {
  return (
    <span className="probe-class" data-hidden={entry.trainId === null || undefined}>
      <ClassSwatch trainId={entry.trainId} modelClasses={modelClasses} />
      {entry.name}
      {entry.trainId !== null && (
        <span className="probe-ids" title="train id and label id">
          {entry.trainId}
          {entry.labelId === null ? "" : ` · ${entry.labelId}`}
        </span>
      )}
    </span>
  );
}

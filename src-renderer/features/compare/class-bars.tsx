// Per-class differences as bars to either side of nothing, the largest first; each is a button.

import { UnstyledButton } from "@mantine/core";
import type { Scores } from "../../../src-shared/contract/results.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { formatShare } from "../../components/format.ts";
import { GainText } from "../../components/gain-text.tsx";
import { classColors } from "../../state/class-colors.ts";
import { useDisplay } from "../../state/display.ts";
import "./class-bars.css";
import { classDifferences } from "./class-differences.ts";

interface ClassBarsProps {
  readonly a: Scores;
  readonly b: Scores;
  readonly modelClasses: LabelSet;
  /** Train id of the class that is filtered by; null: none. */
  readonly chosen: number | null;
  readonly onPick: (trainId: number, name: string) => void;
}

export function ClassBars({ a, b, modelClasses, chosen, onPick }: ClassBarsProps) {
  const palette = useDisplay((state) => state.palette);
  const colors = classColors(modelClasses, palette);
  const rows = classDifferences(a, b, modelClasses);
  const reach = rows.reduce((most, { difference }) => Math.max(most, Math.abs(difference ?? 0)), 0.01);
  return (
    <ul className="compare-classes">
      {rows.map(({ trainId, name, a: from, b: to, difference }) => (
        <li key={trainId}>
          <UnstyledButton
            className="compare-class"
            aria-pressed={trainId === chosen}
            title={`${name}: ${formatShare(from)} → ${formatShare(to)}`}
            onClick={() => onPick(trainId, name)}
          >
            <span className="compare-class-dot" style={{ background: colors[trainId]?.color }} />
            <span className="compare-class-name">{name}</span>
            <span className="compare-class-track" aria-hidden="true">
              <span
                className="compare-class-fill"
                style={{
                  background: colors[trainId]?.color,
                  left: `${50 + Math.min(0, (difference ?? 0) / reach) * 50}%`,
                  width: `${(Math.abs(difference ?? 0) / reach) * 50}%`,
                }}
              />
            </span>
            <span className="compare-class-gain">
              <GainText gain={difference} />
            </span>
            <span className="visually-hidden">
              from {formatShare(from)} to {formatShare(to)}. Show the images that have it
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}

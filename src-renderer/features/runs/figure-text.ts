// Figures of a sweep as people read them.
import { formatGain, formatShare } from "../../components/format.ts";
import type { SweepFigure } from "./sweep-layout.ts";

export function figureText(figure: SweepFigure, value: number | null): string {
  if (value === null) return "–";
  if (figure === "loss") return value.toPrecision(3);
  return figure === "gain" ? formatGain(value) : formatShare(value);
}

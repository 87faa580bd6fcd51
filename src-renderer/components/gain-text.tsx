// A difference in points, coloured by its sign; the sign itself says it, too.
import { formatGain } from "./format.ts";
import "./gain-text.css";

export function GainText({ gain }: { readonly gain: number | null | undefined }) {
  // What rounds to nothing is neither better nor worse.
  const isNothing = gain != null && Math.abs(gain) < 0.0005;
  const shown = formatGain(isNothing ? 0 : gain);
  const sign = gain == null || isNothing ? undefined : gain > 0 ? "gain" : "loss";
  return (
    <span className="gain-text" data-sign={sign}>
      {shown}
    </span>
  );
}

// A difference in points, coloured by its sign; the sign itself says it, too.
import { formatGain } from "./format.ts";
import "./gain-text.css";

export function GainText({ gain }: { readonly gain: number | null | undefined }) {
  const shown = formatGain(gain);
  // What rounds to nothing is neither better nor worse.
  const sign = gain == null || Math.abs(gain) < 0.0005 ? undefined : gain > 0 ? "gain" : "loss";
  return (
    <span className="gain-text" data-sign={sign}>
      {shown}
    </span>
  );
}

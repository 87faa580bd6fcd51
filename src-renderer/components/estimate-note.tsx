// What a job will take, as a line of a form, with a warning where memory is scarce.
import { formatBytes, formatDuration } from "./format.ts";
import { Notice } from "./notice.tsx";

interface EstimateNoteProps {
  readonly estimate: {
    readonly milliseconds: number;
    readonly peakBytes: number;
    readonly freeBytes: number;
    readonly basis: "measured" | "calculated";
  };
  /** What earlier ones it may be from: "runs". */
  readonly earlier: string;
  /** What makes it need less: "smaller scales need less". */
  readonly less: string;
}

export function EstimateNote({ estimate, earlier, less }: EstimateNoteProps) {
  const { milliseconds, peakBytes, freeBytes, basis } = estimate;
  return (
    <>
      <p className="form-section-note">
        About <strong>{formatDuration(milliseconds)}</strong> and <strong>{formatBytes(peakBytes)}</strong> of memory,{" "}
        {basis === "measured" ? `from earlier ${earlier} here` : "calculated from the arithmetic"}.
      </p>
      {peakBytes > freeBytes && (
        <Notice level="warning">
          Only {formatBytes(freeBytes)} are free. It may end for lack of memory; {less}.
        </Notice>
      )}
    </>
  );
}

// How a run ended otherwise than it should, and what is left of it.
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";

export interface RunEndText {
  readonly level: "info" | "warning" | "error";
  readonly text: string;
}

/** Null of a run that is not over, or came to its end. */
export function runEnd({ status, error, kept }: Pick<Run, "status" | "error" | "kept">): RunEndText | null {
  const rest = keptText(kept.at(-1)?.iteration ?? null);
  switch (status) {
    case "failed":
      return { level: "error", text: `${error?.message ?? "The run failed."}${rest}` };
    case "interrupted":
      return { level: "warning", text: `${error?.message ?? "The engine ended in the middle of this run."}${rest}` };
    case "cancelled":
      return { level: "info", text: `Cancelled.${rest}` };
    case "queued":
    case "running":
    case "finished":
      return null;
    default:
      return status satisfies never;
  }
}

/** @param last  the last kept iteration; 0: the unadapted prediction */
function keptText(last: number | null): string {
  if (last === null) return "";
  return last === 0 ? " The unadapted prediction is kept." : ` What it had up to iteration ${last} is kept.`;
}

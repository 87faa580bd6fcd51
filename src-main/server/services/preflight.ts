// What may go wrong with a run, said before it does: too little memory or disk. Nothing is refused for an estimate.
import { keptIterations } from "../../../src-shared/contract/workbench/kept-iterations.ts";
import type { RunConfigForm, RunEstimate } from "../../../src-shared/contract/workbench/runs.ts";

export interface PreflightInput {
  readonly estimate: RunEstimate;
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly config: RunConfigForm;
  /** Runs like this one. */
  readonly count: number;
  readonly freeDiskBytes: number;
}

/** Three planes and the candidates' four, one byte each. */
const BYTES_PER_PIXEL = 7;
/** What gzip leaves of planes of photographs, as a rule. */
const COMPRESSED_SHARE = 0.25;

/** One sentence for each. */
export function preflightWarnings({ estimate, size, config, count, freeDiskBytes }: PreflightInput): string[] {
  const warnings: string[] = [];
  if (estimate.peakBytes > estimate.freeBytes) {
    warnings.push(
      `The run needs about ${gibibytes(estimate.peakBytes)} of memory, ${gibibytes(estimate.freeBytes)} are free: ` +
        "it may be slow, or be ended by the system; close other programs, or use a smaller image.",
    );
  }
  if (size !== null) {
    const pixels = size.width * size.height * keptIterations(config).length * count;
    const neededBytes = pixels * BYTES_PER_PIXEL * COMPRESSED_SHARE;
    if (neededBytes > freeDiskBytes) {
      warnings.push(
        `What is kept needs about ${gibibytes(neededBytes)} of disk, ${gibibytes(freeDiskBytes)} are free: ` +
          "keep fewer iterations, or free some space.",
      );
    }
  }
  return warnings;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

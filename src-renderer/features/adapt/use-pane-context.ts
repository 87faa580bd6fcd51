// Everything the panes need to know about run, image and scrubber, in one place.

import { useMemo } from "react";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import type { Run, RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import type { LabelSet } from "../../../src-shared/labels/label-sets.ts";
import { referenceOf } from "../../../src-shared/verdict/verdict.ts";
import type { Stop } from "../../panes/kept-prediction.ts";
import { useDisplay } from "../../state/display.ts";
import { useRun } from "../../state/entities.ts";
import { type Reference, useAdaptView } from "./adapt-view.ts";
import type { PaneContext } from "./pane-sources.ts";
import { shownIteration } from "./scrub.ts";

/** The run's kept prediction at an iteration. */
function stopOf(run: Run | null | undefined, iteration: number | null | undefined): Stop | null {
  return run == null || iteration == null ? null : { runId: run.id, iteration };
}

/** Null where the checkpoint as it is stored predicts what iteration 0 is. */
function storedStopOf(run: Run | null): Stop | null {
  return run !== null && referenceOf(run, "stored")?.hasPlanes ? { runId: run.id, iteration: "stored" } : null;
}

export function usePaneContext(
  image: ImageItem | undefined,
  run: Run | null,
  modelClasses: LabelSet,
  runs: readonly RunSummary[],
): PaneContext | null {
  const scrub = useAdaptView((state) => state.scrub);
  const chosen = useAdaptView((state) => state.reference);
  const errorBandPx = useDisplay((state) => state.errorBandPx);
  const usesConfidence = useDisplay((state) => state.confidenceThreshold > 0);
  // A run that was removed, or of other classes, is no longer something to compare with.
  const otherId = chosen.kind === "run" ? chosen.runId : null;
  const isComparable = runs.some(({ id, checkpoint }) => id === otherId && labelSetOf(checkpoint) === modelClasses);
  const other = useRun(isComparable ? otherId : null);
  return useMemo(() => {
    if (image === undefined) return null;
    const kept = run?.kept ?? [];
    const before = kept[0]?.iteration === 0 ? stopOf(run, 0) : null;
    return {
      imageId: image.id,
      modelClasses,
      hasLabels: image.hasLabels,
      before,
      shown: stopOf(run, shownIteration(scrub, kept)),
      reference: referenceStop(chosen, { run, before, other }),
      hasPseudoLabel: run !== null && run.pseudoLabel !== null,
      hasViews: run !== null && run.method !== "predict",
      usesConfidence,
      errorBandPx,
    };
  }, [image, run, modelClasses, scrub, chosen, other, usesConfidence, errorBandPx]);
}

interface Comparable {
  readonly run: Run | null;
  readonly before: Stop | null;
  readonly other: Run | undefined;
}

/** What was chosen, as far as it is there; otherwise the unadapted prediction. */
function referenceStop(chosen: Reference, { run, before, other }: Comparable): PaneContext["reference"] {
  if (chosen.kind === "truth") return "truth";
  if (chosen.kind === "stored") return storedStopOf(run) ?? before;
  if (chosen.kind === "before" || other === undefined) return before;
  const { iteration } = chosen;
  const kept = iteration === null ? other.kept.at(-1) : other.kept.find((stop) => stop.iteration === iteration);
  return stopOf(other, kept?.iteration) ?? before;
}

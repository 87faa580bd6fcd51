// Everything the panes need to know about run, image and scrubber, in one place.
import { useMemo } from "react";
import type { ImageItem } from "../../../src-shared/contract/workbench/datasets.ts";
import type { Run, RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { referenceOf } from "../../../src-shared/verdict/verdict.ts";
import { useDisplay } from "../../state/display.ts";
import { useRun } from "../../state/entities.ts";
import { useAdaptView } from "./adapt-view.ts";
import type { PaneContext, Stop } from "./pane-sources.ts";
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
  numClasses: number,
  runs: readonly RunSummary[],
): PaneContext | null {
  const scrub = useAdaptView((state) => state.scrub);
  const referenceRunId = useAdaptView((state) => state.referenceRunId);
  const usesConfidence = useDisplay((state) => state.confidenceThreshold > 0);
  // A run that was removed, or of other classes, is no longer something to compare with.
  const isComparable = runs.some(({ id, checkpoint }) => id === referenceRunId && checkpoint.numClasses === numClasses);
  const pinned = useRun(isComparable && referenceRunId !== "stored" ? referenceRunId : null);
  return useMemo(() => {
    if (image === undefined) return null;
    const kept = run?.kept ?? [];
    return {
      imageId: image.id,
      numClasses,
      hasLabels: image.hasLabels,
      before: kept[0]?.iteration === 0 ? stopOf(run, 0) : null,
      shown: stopOf(run, shownIteration(scrub, kept)),
      reference: referenceRunId === "stored" ? storedStopOf(run) : stopOf(pinned, pinned?.kept.at(-1)?.iteration),
      hasPseudoLabel: run !== null && run.pseudoLabel !== null,
      hasViews: run !== null && run.method !== "predict",
      usesConfidence,
    };
  }, [image, run, numClasses, scrub, referenceRunId, pinned, usesConfidence]);
}

// The run the screen shows, and keeping it, the image and the controls in step with where the user goes.
import { skipToken, useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { ImageId, RunId } from "../../../src-shared/contract/workbench/ids.ts";
import type { Run, RunSummary } from "../../../src-shared/contract/workbench/runs.ts";
import { addOwnRun, changeForm, isOwnRun } from "../../state/adapt-form.ts";
import { api } from "../../state/api.ts";
import { useNavigation } from "../../state/navigation.ts";
import { queries } from "../../state/queries.ts";
import { queryClient } from "../../state/query-client.ts";
import { sentenceOf } from "../../state/tell.ts";
import { resetViews } from "../../viewer/linked-views.ts";
import { adaptViews, useAdaptView, withOtherImage, withOtherRun } from "./adapt-view.ts";

export function showRun(id: RunId): void {
  addOwnRun(id);
  useNavigation.getState().go({ runId: id });
}

/** A run that was just queued, shown before the server has been asked for all of it. */
export function showStartedRun(summary: RunSummary): void {
  const fresh: Run = {
    ...summary,
    machine: { runtime: "auto", provider: "auto", threads: null },
    size: null,
    losses: [],
    kept: [],
    references: [],
    views: [],
    pseudoLabel: null,
    lastEvent: null,
    provenance: null,
  };
  // Events may have come first; then the cache knows better.
  queryClient.setQueryData<Run>(["run", summary.id], (known) => known ?? fresh);
  showRun(summary.id);
}

export interface Place {
  readonly imageId: ImageId | null;
  readonly runId: RunId | null;
}

/** Run and image do not belong together: the one that was changed last counts. */
export function whoLeads(before: Place, now: Place): "run" | "image" {
  const isOtherImage = before.imageId !== null && before.imageId !== now.imageId;
  return isOtherImage && before.runId === now.runId ? "image" : "run";
}

export interface ShownRun {
  readonly run: Run | null;
  /** Why the run that was asked for can't be shown. */
  readonly problem: string | null;
}

export function useShownRun(): ShownRun {
  const { imageId, runId, go } = useNavigation();
  const { data, error } = useQuery({
    queryKey: ["run", runId],
    queryFn: runId === null ? skipToken : () => api.runs.get.query({ id: runId }),
  });
  const run = data ?? null;
  const seen = useRef<Place>({ imageId: null, runId: null });

  // biome-ignore lint/correctness/useExhaustiveDependencies: only what run and image belong together matters
  useEffect(() => {
    const before = seen.current;
    const now = { imageId, runId };
    if (run !== null && run.image.id !== imageId && whoLeads(before, now) === "image") {
      seen.current = { imageId, runId: null };
      go({ runId: null });
      return;
    }
    seen.current = now;
    if (run === null || runId !== run.id) return;
    if (run.image.id !== imageId || !isOwnRun(run.id)) restore(run);
  }, [imageId, runId, run?.id]);

  useEffect(() => {
    if (imageId === null) return;
    useAdaptView.setState(withOtherImage);
    adaptViews.set(resetViews(adaptViews.get()));
  }, [imageId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new run starts at its newest prediction
  useEffect(() => useAdaptView.setState(withOtherRun), [runId]);

  const isOfImage = run !== null && run.image.id === imageId;
  return { run: isOfImage ? run : null, problem: error === null || runId === null ? null : sentenceOf(error) };
}

/** All that made a run, put back into the controls. */
function restore(run: Run): void {
  addOwnRun(run.id);
  changeForm("restore a run's parameters", (form) => ({ ...form, ...run.config }));
  useNavigation
    .getState()
    .go({ imageId: run.image.id, datasetId: run.image.datasetId, checkpointId: run.checkpoint.id });
}

/** Opens the newest run of an image that has one, so that coming back to it shows what was found. */
export function useNewestRun(imageId: ImageId | null): readonly RunSummary[] {
  const runId = useNavigation((state) => state.runId);
  const checkpointId = useNavigation((state) => state.checkpointId);
  const { data } = useQuery({
    ...queries.runs({ imageId, limit: EARLIER_RUNS }),
    enabled: imageId !== null,
  });
  const runs = imageId === null ? NO_RUNS : (data?.runs ?? NO_RUNS);
  const newest = runs.find(
    ({ image, checkpoint, status }) =>
      image.id === imageId && (checkpointId === null || checkpoint.id === checkpointId) && status !== "failed",
  );
  useEffect(() => {
    if (runId === null && newest !== undefined) showRun(newest.id);
  }, [runId, newest]);
  return runs;
}

const NO_RUNS: readonly RunSummary[] = [];
const EARLIER_RUNS = 12;
/** More lines than these behind the curve say nothing. */
const DRAWN_RUNS = 5;

/** Earlier runs of the image with their curves, newest first, without the shown one. */
export function useEarlierRuns(runs: readonly RunSummary[], shown: RunId | null): readonly Run[] {
  const wanted = runs
    .filter(({ id, method, status }) => id !== shown && method === "adapt" && status !== "queued")
    .slice(0, DRAWN_RUNS);
  return useQueries({
    queries: wanted.map(({ id }) => ({ ...queries.run(id), staleTime: 60_000 })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
}

// Fetches the planes the visible panes will want next, so that scrubbing waits for nothing.
import { useEffect } from "react";
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import { urlsOf } from "../../state/layer-requests.ts";
import { planes } from "../../state/pixels.ts";
import { type PaneContext, type PaneSource, paneRequest } from "./pane-sources.ts";
import { neighbours } from "./scrub.ts";

/** Kept iterations on each side. Ten cover a whole run of the recipe: at 2048x1024, 2 MB a plane. */
const REACH = 10;
const SETTLE_MS = 60;

export function usePrefetch(run: Run | null, context: PaneContext | null, sources: readonly PaneSource[]): void {
  const key = sources.join(" ");
  const kept = run?.kept.length ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the context's place and the number of kept iterations say all
  useEffect(() => {
    const shown = context?.shown ?? null;
    // What the scrubber is at is an iteration.
    if (context === null || typeof shown?.iteration !== "number" || run === null) return;
    const urls = neighbours(shown.iteration, run.kept, REACH).flatMap((iteration) =>
      sources.flatMap((source) => {
        const request = paneRequest(source, { ...context, shown: { ...shown, iteration } });
        return request.status === "ready" ? urlsOf(request.layer) : [];
      }),
    );
    planes.dropPrefetches(urls);
    const timer = setTimeout(() => planes.prefetch(urls), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [context, kept, key]);
}

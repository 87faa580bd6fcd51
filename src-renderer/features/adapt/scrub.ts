// Where the iteration scrubber stands: at a kept iteration, or at the newest one while a run goes on.
import type { KeptIteration } from "../../../src-shared/contract/workbench/runs.ts";

export type Scrub =
  /** At the newest kept iteration, whichever that is. */
  { readonly mode: "follow" } | { readonly mode: "at"; readonly iteration: number };

export const FOLLOW: Scrub = { mode: "follow" };

type Kept = readonly Pick<KeptIteration, "iteration">[];

/** The kept iteration that is shown; null while none is kept. `kept` is in order. */
export function shownIteration(scrub: Scrub, kept: Kept): number | null {
  const newest = kept.at(-1)?.iteration ?? null;
  if (scrub.mode === "follow") return newest;
  const upTo = kept.findLast(({ iteration }) => iteration <= scrub.iteration);
  return upTo?.iteration ?? kept[0]?.iteration ?? null;
}

/** At an iteration; the newest is followed again. */
export function scrubbedTo(iteration: number, kept: Kept): Scrub {
  const newest = kept.at(-1)?.iteration;
  return newest === undefined || iteration >= newest ? FOLLOW : { mode: "at", iteration };
}

/** So many kept iterations further, or back; the ends are the ends. */
export function stepped(scrub: Scrub, kept: Kept, steps: number): Scrub {
  const shown = shownIteration(scrub, kept);
  if (shown === null) return FOLLOW;
  const place = kept.findIndex(({ iteration }) => iteration === shown);
  const target = kept[Math.min(Math.max(place + steps, 0), kept.length - 1)];
  return target === undefined ? FOLLOW : scrubbedTo(target.iteration, kept);
}

/** Playing goes on to the next; from the newest it starts again at the first. */
export function played(scrub: Scrub, kept: Kept): Scrub {
  const [first] = kept;
  if (first === undefined) return FOLLOW;
  return shownIteration(scrub, kept) === kept.at(-1)?.iteration
    ? { mode: "at", iteration: first.iteration }
    : stepped(scrub, kept, 1);
}

/** Iterations around the shown one, nearest first: what is likely to be wanted next. */
export function neighbours(shown: number | null, kept: Kept, reach: number): readonly number[] {
  const place = kept.findIndex(({ iteration }) => iteration === shown);
  if (place < 0) return [];
  const found: number[] = [];
  for (let distance = 1; distance <= reach; distance++) {
    for (const near of [kept[place + distance], kept[place - distance]]) {
      if (near !== undefined) found.push(near.iteration);
    }
  }
  return found;
}

// The arrangement of panes, pins, and what changes with image and run.
import { expect, test } from "vitest";
import {
  drawnSources,
  FIRST_VIEW,
  panesOf,
  visibleSources,
  withLayout,
  withOtherImage,
  withOtherRun,
  withSource,
} from "../../../../src-renderer/features/adapt/adapt-view.ts";
import { whoLeads } from "../../../../src-renderer/features/adapt/use-shown-run.ts";
import { imageIdSchema, runIdSchema } from "../../../../src-shared/contract/workbench/ids.ts";

test("one pane takes over what the active pane shows, and gives back its own", () => {
  const view = { ...FIRST_VIEW, activePane: "pane-3" } as const;
  const one = withLayout(view, "one");
  expect(one.sources["pane-1"]).toBe(FIRST_VIEW.sources["pane-3"]);
  expect(one.sources["pane-3"]).toBe(FIRST_VIEW.sources["pane-1"]);
  expect(one.activePane).toBe("pane-1");
});

test("the active pane is always one that is there", () => {
  for (const layout of ["one", "split", "two", "four"] as const) {
    for (const activePane of panesOf("four")) {
      const view = withLayout({ ...FIRST_VIEW, activePane }, layout);
      expect(panesOf(layout)).toContain(view.activePane);
    }
  }
});

test("a source is changed in its pane alone", () => {
  const view = withSource(FIRST_VIEW, "pane-2", "entropy");
  expect(view.sources).toEqual({ ...FIRST_VIEW.sources, "pane-2": "entropy" });
});

test("another image drops the scrubber's place and what is compared with; another run only the place", () => {
  const view = {
    ...FIRST_VIEW,
    reference: { kind: "truth" },
    scrub: { mode: "at", iteration: 3 },
    isPlaying: true,
  } as const;
  const fresh = { reference: { kind: "before" }, scrub: { mode: "follow" }, isPlaying: false };
  expect(withOtherImage(view)).toMatchObject(fresh);
  expect(withOtherRun(view)).toMatchObject({ ...fresh, reference: { kind: "truth" } });
});

test("a divider draws both sources; blinking draws the left one on both sides, and swaps those of single panes", () => {
  const split = { ...FIRST_VIEW, layout: "split" } as const;
  expect(drawnSources(split, "pane-1")).toEqual(["before", "after"]);
  expect(drawnSources({ ...split, isBlinking: true }, "pane-1")).toEqual(["before", "before"]);
  expect(visibleSources(split)).toEqual(["before", "after"]);
  const two = { ...FIRST_VIEW, layout: "two" } as const;
  expect(visibleSources(two)).toEqual(["before", "after"]);
  expect(visibleSources({ ...two, isBlinking: true })).toEqual(["after", "before"]);
});

test("when run and image don't belong together, the one changed last counts", () => {
  const [first, second] = [imageIdSchema.parse("image001"), imageIdSchema.parse("image002")];
  const [old, other] = [runIdSchema.parse("run00001"), runIdSchema.parse("run00002")];
  expect(whoLeads({ imageId: first, runId: old }, { imageId: second, runId: old })).toBe("image");
  expect(whoLeads({ imageId: first, runId: old }, { imageId: first, runId: other })).toBe("run");
  expect(whoLeads({ imageId: null, runId: null }, { imageId: first, runId: old })).toBe("run");
});

// The arrangement of panes, pins, and what changes with image and run.
import { expect, test } from "vitest";
import {
  FIRST_VIEW,
  panesOf,
  withLayout,
  withOtherImage,
  withOtherRun,
  withPin,
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

test("a pixel is pinned and let go by the same click; the seventh pin replaces the first", () => {
  const pinned = withPin(FIRST_VIEW, { x: 3, y: 4 });
  expect(pinned.pins).toEqual([{ x: 3, y: 4 }]);
  expect(withPin(pinned, { x: 3, y: 4 }).pins).toEqual([]);
  let view = FIRST_VIEW;
  for (let x = 0; x < 7; x++) view = withPin(view, { x, y: 0 });
  expect(view.pins.map(({ x }) => x)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("another image drops pins and place; another run keeps the pins", () => {
  const view = {
    ...withPin(FIRST_VIEW, { x: 1, y: 1 }),
    scrub: { mode: "at", iteration: 3 },
    isPlaying: true,
  } as const;
  expect(withOtherImage(view)).toMatchObject({ pins: [], scrub: { mode: "follow" }, isPlaying: false });
  expect(withOtherRun(view)).toMatchObject({ pins: [{ x: 1, y: 1 }], scrub: { mode: "follow" } });
});

test("when run and image don't belong together, the one changed last counts", () => {
  const [first, second] = [imageIdSchema.parse("image001"), imageIdSchema.parse("image002")];
  const [old, other] = [runIdSchema.parse("run00001"), runIdSchema.parse("run00002")];
  expect(whoLeads({ imageId: first, runId: old }, { imageId: second, runId: old })).toBe("image");
  expect(whoLeads({ imageId: first, runId: old }, { imageId: first, runId: other })).toBe("run");
  expect(whoLeads({ imageId: null, runId: null }, { imageId: first, runId: old })).toBe("run");
});

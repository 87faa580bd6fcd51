// Panes that move together stay together, and each by itself once they are let go.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  FITTED,
  type LinkedViews,
  linkViews,
  moveView,
  resetViews,
  unlinkViews,
  viewOf,
} from "../../../../src-renderer/viewer/linked-views.ts";
import { fitView, imageFromScreen, panBy, zoomAround } from "../../../../src-renderer/viewer/viewport.ts";

const PANES = ["a", "b", "c", "d"] as const;
const IMAGE = { width: 2048, height: 1024 };
const PANE = { width: 611, height: 377 };

test("four linked panes show the same point in their middles after 50 random pans and zooms in any of them", () => {
  const gesture = fc.record({
    pane: fc.constantFrom(...PANES),
    isZoom: fc.boolean(),
    x: fc.integer({ min: -300, max: 600 }),
    y: fc.integer({ min: -300, max: 400 }),
    factor: fc.double({ min: 0.5, max: 2, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(gesture, { minLength: 50, maxLength: 50 }), (gestures) => {
      let views: LinkedViews = FITTED;
      for (const { pane, isZoom, x, y, factor } of gestures) {
        const view = viewOf(views, pane) ?? fitView(IMAGE, PANE);
        const next = isZoom ? zoomAround(view, IMAGE, PANE, { x, y }, factor) : panBy(view, IMAGE, PANE, x, y);
        views = moveView(views, pane, next);
      }
      // Middles of panes of different sizes: within half a pixel of the screen.
      const middles = PANES.map((pane, index) => {
        const view = viewOf(views, pane) ?? fitView(IMAGE, PANE);
        const own = { width: PANE.width + 100 * index, height: PANE.height };
        const point = imageFromScreen(view, own, { x: own.width / 2, y: own.height / 2 });
        return { x: point.x * view.zoom, y: point.y * view.zoom };
      });
      for (const middle of middles) {
        expect(Math.abs(middle.x - (middles[0]?.x ?? Number.NaN))).toBeLessThanOrEqual(0.5);
        expect(Math.abs(middle.y - (middles[0]?.y ?? Number.NaN))).toBeLessThanOrEqual(0.5);
      }
    }),
    { numRuns: 30 },
  );
});

test("unlinked panes stay where they are, and then move alone", () => {
  const at = { centerX: 1, centerY: 2, zoom: 3 };
  const there = { centerX: 4, centerY: 5, zoom: 6 };
  const free = unlinkViews(moveView(FITTED, "a", at));
  expect(PANES.map((pane) => viewOf(free, pane))).toEqual([at, at, at, at]);
  const moved = moveView(free, "b", there);
  expect(PANES.map((pane) => viewOf(moved, pane))).toEqual([at, there, at, at]);
  expect(viewOf(moveView(moved, "b", null), "b")).toBeNull();
});

test("linking again brings all panes to one of them", () => {
  const there = { centerX: 4, centerY: 5, zoom: 6 };
  const views = linkViews(moveView(unlinkViews(FITTED), "c", there), "c");
  expect(PANES.map((pane) => viewOf(views, pane))).toEqual([there, there, there, there]);
});

test("another image is fitted, and whether panes are linked stays", () => {
  const free = moveView(unlinkViews(FITTED), "b", { centerX: 4, centerY: 5, zoom: 6 });
  expect(resetViews(free)).toEqual({ isLinked: false, shared: null, own: {} });
});

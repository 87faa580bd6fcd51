// The window comes back where it was, unless nobody could reach it there.
import fc from "fast-check";
import { expect, test } from "vitest";
import { boundsOnDisplays, type Rectangle } from "../../../src-main/desktop/window-state.ts";

const laptop: Rectangle = { x: 0, y: 25, width: 1512, height: 944 };
const monitor: Rectangle = { x: 1512, y: 0, width: 2560, height: 1415 };

test("a first start is in the middle of the primary display", () => {
  expect(boundsOnDisplays(null, [monitor])).toEqual({ x: 1512 + 560, y: 258, width: 1440, height: 900 });
});

test("a saved window on the second display comes back there", () => {
  const saved = { x: 2000, y: 100, width: 1600, height: 1000, isMaximized: false };
  expect(boundsOnDisplays(saved, [laptop, monitor])).toEqual({ x: 2000, y: 100, width: 1600, height: 1000 });
});

test("a saved window on a display that is gone moves to the primary one", () => {
  const saved = { x: 2000, y: 100, width: 1600, height: 1000, isMaximized: false };
  expect(boundsOnDisplays(saved, [laptop])).toEqual({ x: 0, y: 25, width: 1512, height: 944 });
});

test("whatever was saved, the title bar can be caught and the window fits its display", () => {
  const integer = fc.integer({ min: -10_000, max: 10_000 });
  const size = fc.integer({ min: 1, max: 20_000 });
  const state = fc.record({ x: integer, y: integer, width: size, height: size, isMaximized: fc.boolean() });
  fc.assert(
    fc.property(state, (saved) => {
      const bounds = boundsOnDisplays(saved, [laptop, monitor]);
      const home = [laptop, monitor].find(
        (area) =>
          bounds.y >= area.y &&
          bounds.y < area.y + area.height &&
          bounds.x < area.x + area.width &&
          bounds.x + bounds.width > area.x,
      );
      expect(home).toBeDefined();
      expect(bounds.width).toBeLessThanOrEqual(Math.max(laptop.width, monitor.width));
      expect(bounds.height).toBeLessThanOrEqual(Math.max(laptop.height, monitor.height));
    }),
  );
});

// Windows cover every pixel, lie inside, and are all of one size.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  slidingWindowOf,
  windowBoxes,
  windowGrid,
} from "../../../../../src-main/engine/methods/sliding-window/window-grid.ts";
import { windowConfigSchema } from "../../../../../src-shared/contract/adaptation-config.ts";

const side = fc.integer({ min: 1, max: 70 });
const windows = fc.record({ height: side, width: side }).chain(({ height, width }) =>
  fc.record({
    height: fc.constant(height),
    width: fc.constant(width),
    overlap: fc.integer({ min: 0, max: Math.min(height, width) - 1 }),
  }),
);

describe("a grid of windows", () => {
  it("covers every pixel with windows of one size inside the image", () => {
    fc.assert(
      fc.property(side, side, windows, (height, width, window) => {
        const seen = new Uint16Array(height * width);
        const boxes = windowBoxes(windowGrid({ height, width }, window));
        for (const box of boxes) {
          expect([box.height, box.width]).toEqual([Math.min(height, window.height), Math.min(width, window.width)]);
          expect(box.top >= 0 && box.left >= 0).toBe(true);
          expect(box.top + box.height <= height && box.left + box.width <= width).toBe(true);
          for (let y = box.top; y < box.top + box.height; y++) {
            for (let x = box.left; x < box.left + box.width; x++) seen[y * width + x] = (seen[y * width + x] ?? 0) + 1;
          }
        }
        expect(seen.includes(0)).toBe(false);
      }),
    );
  });

  it("has neighbours that overlap by what was asked at least, and no window twice", () => {
    fc.assert(
      fc.property(side, side, windows, (height, width, window) => {
        const grid = windowGrid({ height, width }, window);
        for (const [starts, size] of [
          [grid.tops, grid.height],
          [grid.lefts, grid.width],
        ] as const) {
          starts.slice(1).forEach((start, place) => {
            const before = starts[place] ?? 0;
            expect(start).toBeGreaterThan(before);
            expect(before + size - start).toBeGreaterThanOrEqual(window.overlap);
          });
        }
      }),
    );
  });

  it("is mmsegmentation's: steps of window less overlap, the last one moved back", () => {
    const grid = windowGrid({ height: 1024, width: 2048 }, { height: 512, width: 1000, overlap: 200 });
    expect(grid).toEqual({ height: 512, width: 1000, tops: [0, 312, 512], lefts: [0, 800, 1048] });
  });

  it("is one window where the image is no larger", () => {
    expect(windowBoxes(windowGrid({ height: 30, width: 40 }, { height: 64, width: 40, overlap: 8 }))).toEqual([
      { top: 0, left: 0, height: 30, width: 40 },
    ]);
  });
});

describe("a window in parameters", () => {
  it("is none unless it is given", () => {
    expect(slidingWindowOf(windowConfigSchema.parse({}))).toBeNull();
    const config = windowConfigSchema.parse({ window: [512, 1024], overlap: 64 });
    expect(slidingWindowOf(config)).toEqual({ height: 512, width: 1024, overlap: 64 });
  });

  it("has two sides, of whole pixels", () => {
    for (const window of [[512], [512, 512, 512], [512, 0], [100.5, 100]]) {
      expect(windowConfigSchema.safeParse({ window }).success).toBe(false);
    }
  });

  it("is refused when it would never move on", () => {
    const config = windowConfigSchema.parse({ window: [64, 512], overlap: 64 });
    expect(() => slidingWindowOf(config)).toThrow(/overlap of 64 pixels is not less than the window of 64 x 512/);
  });
});

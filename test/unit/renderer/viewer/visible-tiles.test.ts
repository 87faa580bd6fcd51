// The tiles that a pane asks for cover what it shows, in enough detail, and are never too many.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rangeSize, visibleTiles } from "../../../../src-renderer/viewer/visible-tiles.ts";
import {
  levelFactor,
  levelSize,
  type PhotoPyramid,
  pyramidLevels,
} from "../../../../src-shared/contract/workbench/photo-pyramid.ts";

const TILE = 512;
const pyramidOf = (width: number, height: number): PhotoPyramid => ({
  width,
  height,
  tilePx: TILE,
  levels: pyramidLevels({ width, height }),
  thumbnail: "/thumbnail",
  tiles: "/tiles",
});

describe("levels", () => {
  it("halve until one tile is enough", () => {
    expect(pyramidLevels({ width: 16_384, height: 9000 })).toBe(6);
    expect(pyramidLevels({ width: 6000, height: 5000 })).toBe(5);
    expect(pyramidLevels({ width: 500, height: 30 })).toBe(1);
    const pyramid = pyramidOf(6000, 5000);
    expect([0, 4].map((level) => levelSize(pyramid, level))).toEqual([
      { width: 375, height: 313 },
      { width: 6000, height: 5000 },
    ]);
  });
});

describe("tiles in view", () => {
  const sides = fc.integer({ min: 4097, max: 16_384 });
  const panes = fc.record({ width: fc.integer({ min: 50, max: 3840 }), height: fc.integer({ min: 50, max: 2160 }) });
  const views = fc.record({
    originX: fc.integer({ min: -40_000, max: 4000 }),
    originY: fc.integer({ min: -40_000, max: 4000 }),
    scale: fc.double({ min: 0.02, max: 64, noNaN: true }),
  });

  it("cover every image pixel that the pane shows", () => {
    fc.assert(
      fc.property(sides, sides, panes, views, (width, height, pane, view) => {
        const pyramid = pyramidOf(width, height);
        const range = visibleTiles(pyramid, view, pane);
        const seen = (origin: number, length: number, of: number) =>
          [Math.max(0, -origin / view.scale), Math.min(of, (length - origin) / view.scale)] as const;
        const [left, right] = seen(view.originX, pane.width, width);
        const [top, bottom] = seen(view.originY, pane.height, height);
        if (right <= left || bottom <= top) {
          expect(range).toBeNull();
          return;
        }
        if (range === null) throw new Error("something is in view");
        const side = TILE * levelFactor(pyramid, range.level);
        expect(range.left * side <= left && right <= range.right * side).toBe(true);
        expect(range.top * side <= top && bottom <= range.bottom * side).toBe(true);
        const size = rangeSize(pyramid, range);
        expect(size.width > 0 && size.height > 0 && size.width <= 4096 && size.height <= 4096).toBe(true);
      }),
    );
  });

  it("have a pixel for each of the screen's where their picture does not become too large", () => {
    fc.assert(
      fc.property(views, ({ scale }) => {
        const pyramid = pyramidOf(16_384, 16_384);
        const range = visibleTiles(pyramid, { originX: 0, originY: 0, scale }, { width: 1200, height: 800 });
        if (range === null) throw new Error("something is in view");
        const pixels = 1 / (scale * levelFactor(pyramid, range.level));
        expect(pixels).toBeLessThanOrEqual(2.02);
        if (range.level < pyramid.levels - 1) expect(pixels).toBeGreaterThan(0.98);
      }),
    );
  });
});

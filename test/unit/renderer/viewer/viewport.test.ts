// Image ↔ screen: each way undoes the other, zooming keeps its point, and nothing leaves the limits.
import fc from "fast-check";
import { expect, test } from "vitest";
import { viewAfterKey, viewAfterWheel } from "../../../../src-renderer/viewer/gestures.ts";
import {
  clampView,
  fitView,
  imageFromScreen,
  MAX_ZOOM,
  panBy,
  type Size,
  screenFromImage,
  type Viewport,
  wheelFactor,
  zoomAround,
} from "../../../../src-renderer/viewer/viewport.ts";

const size = fc.record({ width: fc.integer({ min: 1, max: 16_384 }), height: fc.integer({ min: 1, max: 16_384 }) });
const paneSize = fc.record({ width: fc.integer({ min: 50, max: 3000 }), height: fc.integer({ min: 50, max: 2000 }) });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const zoom = fc.double({ min: Math.log2(0.1), max: Math.log2(32), noNaN: true }).map((exponent) => 2 ** exponent);

function viewIn(image: Size, x: number, y: number, zoomed: number): Viewport {
  return { centerX: x * image.width, centerY: y * image.height, zoom: zoomed };
}

test("a point goes from the image to the screen and back", () => {
  fc.assert(
    fc.property(size, paneSize, share, share, zoom, share, share, (image, pane, x, y, zoomed, px, py) => {
      const view = viewIn(image, x, y, zoomed);
      const inImage = { x: px * image.width, y: py * image.height };
      const back = imageFromScreen(view, pane, screenFromImage(view, pane, inImage));
      expect(back.x).toBeCloseTo(inImage.x, 6);
      expect(back.y).toBeCloseTo(inImage.y, 6);
    }),
  );
});

test("zooming keeps the image point under the pointer, unless the image would leave the pane", () => {
  fc.assert(
    fc.property(paneSize, share, share, zoom, share, share, zoom, (pane, x, y, zoomed, sx, sy, factor) => {
      const image = { width: 2048, height: 1024 };
      const view = clampView(viewIn(image, x, y, zoomed), image, pane);
      const onScreen = { x: sx * pane.width, y: sy * pane.height };
      const fixed = imageFromScreen(view, pane, onScreen);
      const next = zoomAround(view, image, pane, onScreen, factor);
      const isAtEdge =
        next.centerX === 0 || next.centerY === 0 || next.centerX === image.width || next.centerY === image.height;
      fc.pre(!isAtEdge);
      const after = screenFromImage(next, pane, fixed);
      expect(after.x).toBeCloseTo(onScreen.x, 4);
      expect(after.y).toBeCloseTo(onScreen.y, 4);
    }),
  );
});

test("a dragged image follows the hand", () => {
  const image = { width: 1000, height: 500 };
  const pane = { width: 400, height: 300 };
  const view = { centerX: 500, centerY: 250, zoom: 2 };
  const grabbed = imageFromScreen(view, pane, { x: 100, y: 100 });
  const moved = panBy(view, image, pane, 30, -20);
  expect(screenFromImage(moved, pane, grabbed)).toEqual({ x: 130, y: 80 });
});

test("fitting shows all of the image, and it touches two sides of the pane", () => {
  fc.assert(
    fc.property(size, paneSize, (image, pane) => {
      const view = fitView(image, pane);
      const corner = screenFromImage(view, pane, { x: 0, y: 0 });
      const opposite = screenFromImage(view, pane, { x: image.width, y: image.height });
      expect(Math.min(corner.x, corner.y)).toBeGreaterThan(-1e-6);
      expect(opposite.x).toBeLessThan(pane.width + 1e-6);
      expect(opposite.y).toBeLessThan(pane.height + 1e-6);
      const touches = Math.min(corner.x, corner.y) < 1e-6;
      expect(touches || view.zoom === MAX_ZOOM || view.zoom === 1e-3).toBe(true);
    }),
  );
});

test("limits hold after any gestures, and applying them twice changes nothing", () => {
  const wheel = fc.record({
    deltaX: fc.integer({ min: -500, max: 500 }),
    deltaY: fc.integer({ min: -500, max: 500 }),
    ctrlKey: fc.boolean(),
    shiftKey: fc.boolean(),
  });
  fc.assert(
    fc.property(size, paneSize, fc.array(wheel, { maxLength: 30 }), (image, pane, wheels) => {
      let view = fitView(image, pane);
      for (const turn of wheels) view = viewAfterWheel({ view, image, pane }, turn, { x: 10, y: pane.height - 5 });
      expect(clampView(view, image, pane)).toEqual(view);
    }),
  );
});

test("turning the wheel there and back leads to the same zoom", () => {
  expect(wheelFactor(120, false) * wheelFactor(-120, false)).toBeCloseTo(1, 12);
  expect(wheelFactor(-240, false)).toBeCloseTo(2, 12);
});

test("keys move, zoom, fit and show full size; others mean nothing", () => {
  const scene = {
    view: { centerX: 500, centerY: 250, zoom: 2 },
    image: { width: 1000, height: 500 },
    pane: { width: 400, height: 300 },
  };
  expect(viewAfterKey(scene, "ArrowRight", false, 1)).toEqual({ centerX: 520, centerY: 250, zoom: 2 });
  expect(viewAfterKey(scene, "ArrowUp", true, 1)).toEqual({ centerX: 500, centerY: 50, zoom: 2 });
  expect(viewAfterKey(scene, "+", false, 1)?.zoom).toBeCloseTo(2 * Math.SQRT2);
  expect(viewAfterKey(scene, "0", false, 1)).toBeNull();
  expect(viewAfterKey(scene, "z", false, 2)?.zoom).toBe(0.5);
  expect(viewAfterKey(scene, "q", false, 1)).toBeUndefined();
});

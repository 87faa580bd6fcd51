// The viewer's two renderers in a real browser, pixel by pixel: labels are exact at every zoom and device pixel ratio.
import { expect, type Page, test } from "@playwright/test";
import { bundleForBrowser } from "../../helpers/bundle-for-browser.ts";
import type { PixelCase, PixelVerdict } from "../../helpers/viewer-page.ts";

const RATIOS = [1, 1.25, 1.5, 2];
const ZOOMS = [0.1, 0.33, 0.5, 1, 1.7, 3, 8, 32];

const PLAIN: PixelCase = {
  kind: "labels",
  width: 300,
  height: 200,
  hasPhoto: false,
  zoom: 1,
  ratio: 1,
  centerX: 0.47,
  centerY: 0.53,
  opacity: 1,
  threshold: 0,
  hasOutline: false,
  hasPatterns: false,
  hidden: [],
  isCheckerboard: false,
  soloClass: 255,
  isBanded: false,
};

const EXACT = { wrong: 0, largest: 0 };

test.beforeEach(async ({ page }) => {
  await page.goto("about:blank");
  await page.addScriptTag({ content: await bundleForBrowser("test/helpers/viewer-page.ts") });
});

function compare(page: Page, change: Partial<PixelCase>): Promise<PixelVerdict> {
  return page.evaluate(
    (pixelCase) =>
      (globalThis as unknown as { comparePixels: (one: PixelCase) => Promise<PixelVerdict> }).comparePixels(pixelCase),
    { ...PLAIN, ...change },
  );
}

test("a checkerboard of single pixels is exact at every zoom and ratio, with WebGL2 and without", async ({ page }) => {
  for (const ratio of RATIOS) {
    for (const zoom of ZOOMS) {
      const { webgl, canvas } = await compare(page, { zoom, ratio, isCheckerboard: true });
      expect({ ratio, zoom, webgl, canvas }).toEqual({ ratio, zoom, webgl: EXACT, canvas: EXACT });
    }
  }
});

for (const kind of ["labels", "heat", "errors", "difference", "pseudoLabel"] as const) {
  test(`${kind}: both renderers give the same pixels as the definition`, async ({ page }) => {
    for (const change of [
      { zoom: 0.4, threshold: 0.5, hidden: [3, 8] },
      { zoom: 0.9, hasOutline: true },
      { zoom: 3.3, opacity: 0.6, hasPhoto: true, hasPatterns: true, hidden: [2] },
      { zoom: 2.6, opacity: 0.6, hasPhoto: true, hidden: [1] },
      { zoom: 5, ratio: 1.25, opacity: 0.33, hasPhoto: true, threshold: 0.3 },
      { zoom: 7, opacity: 0.8, hasPhoto: true, hasOutline: true },
      { zoom: 1.3, opacity: 0.7, soloClass: 5, isBanded: true },
    ]) {
      const { webgl, canvas } = await compare(page, { kind, ...change });
      expect({ change, webgl, canvas }).toEqual({ change, webgl: EXACT, canvas: EXACT });
    }
  });
}

test("planes above the limit of textures are cut into tiles without a seam", async ({ page }) => {
  for (const [centerX, zoom] of [
    [0.5, 1],
    [4094 / 9000, 6],
    [0.5, 0.03],
  ] as const) {
    const { webgl } = await compare(page, { width: 9000, height: 60, zoom, centerX, isCheckerboard: true });
    expect({ centerX, zoom, webgl }).toEqual({ centerX, zoom, webgl: EXACT });
  }
});

test("photographs show their pixels unsmoothed from two device pixels each", async ({ page }) => {
  const { webgl, canvas } = await compare(page, { kind: "none", hasPhoto: true, zoom: 3.7 });
  expect({ webgl, canvas }).toEqual({ webgl: EXACT, canvas: EXACT });
});

test("a photograph in tiles is the same, pixel by pixel, wherever it is looked at", async ({ page }) => {
  for (const change of [
    { zoom: 2 },
    { zoom: 3.7, centerX: 0.9, centerY: 0.1 },
    { zoom: 8, ratio: 1.5, centerX: 0.2, centerY: 0.8 },
    { zoom: 32, centerX: 0.01 },
  ]) {
    const none = await compare(page, { kind: "none", hasPhoto: true, isTiled: true, ...change });
    expect({ change, ...none }).toMatchObject({ change, webgl: EXACT, canvas: EXACT });
    const labels = await compare(page, { opacity: 0.6, hasPhoto: true, isTiled: true, ...change });
    expect({ change, ...labels }).toMatchObject({ change, webgl: EXACT, canvas: EXACT });
  }
});

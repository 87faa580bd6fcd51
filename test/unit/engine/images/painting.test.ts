// PNG writers, class colours and overlays.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { colorizeLabels } from "../../../../src-main/engine/images/colorize.ts";
import { decodeImage } from "../../../../src-main/engine/images/decode-image.ts";
import { encodeLabelPng, encodeRgbPng } from "../../../../src-main/engine/images/encode-png.ts";
import { overlayLabels } from "../../../../src-main/engine/images/overlay.ts";
import type { Palette } from "../../../../src-shared/labels/palettes.ts";
import { anyRgbImage, temporaryFile } from "../../../helpers/pictures.ts";

const PALETTE: Palette = [
  [100, 0, 0],
  [0, 200, 0],
];

describe("encodeRgbPng", () => {
  it("writes what decodeImage reads", async () => {
    await fc.assert(
      fc.asyncProperty(anyRgbImage, async (image) => {
        const path = temporaryFile("a.png", await encodeRgbPng(image));
        expect(await decodeImage(path)).toEqual(image);
      }),
      { numRuns: 10 },
    );
  });
});

describe("encodeLabelPng", () => {
  it("writes 8-bit grey without a palette, whatever the ids", async () => {
    for (const id of [0, 1, 255]) {
      const png = await encodeLabelPng({ width: 4, height: 4, data: new Uint8Array(16).fill(id) });
      expect([png[24], png[25]]).toEqual([8, 0]); // IHDR: bit depth, colour type
    }
  });

  it("refuses a map whose data does not fit its size, as a bug", async () => {
    await expect(encodeLabelPng({ width: 2, height: 2, data: new Uint8Array(3) })).rejects.toThrow(/has 3 bytes/);
  });
});

describe("colorizeLabels", () => {
  it("gives each class its colour and everything else black", () => {
    const map = { width: 3, height: 1, data: Uint8Array.of(1, 255, 0) };
    expect([...colorizeLabels(map, PALETTE).data]).toEqual([0, 200, 0, 0, 0, 0, 100, 0, 0]);
  });
});

describe("overlayLabels", () => {
  const image = { width: 2, height: 1, data: Uint8Array.of(50, 60, 70, 50, 60, 70) };

  it("blends by opacity and leaves ignored pixels as they are", () => {
    const map = { width: 2, height: 1, data: Uint8Array.of(1, 255) };
    expect([...overlayLabels(image, map, PALETTE, 0.25).data]).toEqual([38, 95, 53, 50, 60, 70]);
    expect(overlayLabels(image, map, PALETTE, 0)).toEqual(image);
    expect([...overlayLabels(image, map, PALETTE, 1).data]).toEqual([0, 200, 0, 50, 60, 70]);
  });

  it("refuses a map of another size, and says both", () => {
    const map = { width: 1, height: 1, data: Uint8Array.of(1) };
    expect(() => overlayLabels(image, map, PALETTE, 0.5)).toThrow(
      expect.objectContaining({ code: "label.size", message: expect.stringMatching(/1 x 1 pixels, the image 2 x 1/) }),
    );
  });

  it("calls an opacity outside 0 to 1 a bug", () => {
    const map = { width: 2, height: 1, data: Uint8Array.of(0, 0) };
    expect(() => overlayLabels(image, map, PALETTE, 1.5)).toThrow(/opacity 1.5/);
  });
});

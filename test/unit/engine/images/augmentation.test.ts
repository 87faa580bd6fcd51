// Laws of the training augmentations; their values are compared with Pillow's in test/golden/image-ops.test.ts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
} from "../../../../src-main/engine/images/adjust-colors.ts";
import { flipHorizontal } from "../../../../src-main/engine/images/flip-horizontal.ts";
import { gaussianBlur } from "../../../../src-main/engine/images/gaussian-blur.ts";
import { grayscale } from "../../../../src-main/engine/images/grayscale.ts";
import { resizedCrop, resizedLabelCrop } from "../../../../src-main/engine/images/resized-crop.ts";
import { anyLabelMap, anyRgbImage } from "../../../helpers/pictures.ts";

describe("colour adjustments", () => {
  it.each([
    ["brightness", adjustBrightness],
    ["contrast", adjustContrast],
    ["saturation", adjustSaturation],
  ])("by factor 1 leave the image as it is: %s", (_, adjust) => {
    fc.assert(
      fc.property(anyRgbImage, (image) => {
        expect(adjust(image, 1)).toEqual(image);
      }),
    );
  });

  it("by factor 0 give black, one grey, and the grey image", () => {
    fc.assert(
      fc.property(anyRgbImage, (image) => {
        expect(new Set(adjustBrightness(image, 0).data)).toEqual(new Set([0]));
        expect(new Set(adjustContrast(image, 0).data).size).toBe(1);
        expect(adjustSaturation(image, 0)).toEqual(grayscale(image));
      }),
    );
  });

  it("clamp instead of wrapping around", () => {
    const image = { width: 1, height: 1, data: Uint8Array.of(200, 10, 100) };
    expect([...adjustBrightness(image, 1.5).data]).toEqual([255, 15, 150]);
  });

  it("turn red by a third to green, backwards to blue, and leave grey alone", () => {
    const image = { width: 2, height: 1, data: Uint8Array.of(255, 0, 0, 77, 77, 77) };
    expect([...adjustHue(image, 1 / 3).data]).toEqual([0, 255, 0, 77, 77, 77]);
    const [red = 255, green = 255, blue = 0] = adjustHue(image, -1 / 3).data;
    expect(blue).toBe(255);
    expect(Math.max(red, green)).toBeLessThan(8); // 8-bit hue is not exact to the third
  });

  it("call factors and shifts out of range bugs", () => {
    const image = { width: 1, height: 1, data: new Uint8Array(3) };
    expect(() => adjustContrast(image, -1)).toThrow(/factor -1/);
    expect(() => adjustHue(image, 0.6)).toThrow(/by 0.6/);
  });
});

describe("gaussianBlur", () => {
  it("with radius 0 leaves the image as it is", () => {
    fc.assert(
      fc.property(anyRgbImage, (image) => {
        expect(gaussianBlur(image, 0)).toEqual(image);
      }),
    );
  });

  it("leaves an even surface even, up to its edges", () => {
    fc.assert(
      fc.property(fc.nat({ max: 255 }), fc.double({ min: 0, max: 12, noNaN: true }), (value, radius) => {
        const even = { width: 5, height: 4, data: new Uint8Array(60).fill(value) };
        const worst = Math.max(...gaussianBlur(even, radius).data.map((v) => Math.abs(v - value)));
        expect(worst).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("mirrors with the image", () => {
    fc.assert(
      fc.property(anyRgbImage, fc.double({ min: 0, max: 3, noNaN: true }), (image, radius) => {
        expect(gaussianBlur(flipHorizontal(image), radius)).toEqual(flipHorizontal(gaussianBlur(image, radius)));
      }),
    );
  });

  it("calls a negative radius a bug", () => {
    expect(() => gaussianBlur({ width: 1, height: 1, data: new Uint8Array(3) }, -1)).toThrow(/radius -1/);
  });
});

describe("resized crops", () => {
  it("of the whole picture in its own size are the picture", () => {
    fc.assert(
      fc.property(anyRgbImage, anyLabelMap, (image, map) => {
        const whole = { top: 0, left: 0 };
        expect(resizedCrop(image, { ...whole, ...image }, image.width, image.height)).toEqual(image);
        expect(resizedLabelCrop(map, { ...whole, ...map }, map.width, map.height)).toEqual(map);
      }),
    );
  });

  it("that reach outside the picture are a bug", () => {
    const map = { width: 2, height: 2, data: new Uint8Array(4) };
    expect(() => resizedLabelCrop(map, { top: 1, left: 0, width: 2, height: 2 }, 1, 1)).toThrow(
      /crop 2 x 2 at \(0, 1\)/,
    );
  });
});

// The augmented views: order, sizes, what was done to each.
import { describe, expect, it } from "vitest";
import { flipHorizontal } from "../../../../src-main/engine/images/flip-horizontal.ts";
import { grayscale } from "../../../../src-main/engine/images/grayscale.ts";
import { resizeBilinear } from "../../../../src-main/engine/images/resize-bilinear.ts";
import { augmentedViews } from "../../../../src-main/engine/images/views.ts";

const image = { width: 7, height: 5, data: Uint8Array.from({ length: 105 }, (_, i) => (i * 37) % 256) };

describe("augmentedViews", () => {
  it("gives for each scale the plain view, then the mirrored and grey one; sizes are cut off, not rounded", () => {
    const views = augmentedViews(image, { scales: [0.5, 1], flips: true, grayscale: true });
    expect(views.map(({ image: { width, height }, ...done }) => ({ ...done, width, height }))).toEqual([
      { scale: 0.5, flipped: false, gray: false, width: 3, height: 2 },
      { scale: 0.5, flipped: true, gray: true, width: 3, height: 2 },
      { scale: 1, flipped: false, gray: false, width: 7, height: 5 },
      { scale: 1, flipped: true, gray: true, width: 7, height: 5 },
    ]);
    expect(views[1]?.image).toEqual(grayscale(flipHorizontal(resizeBilinear(image, 3, 2))));
  });

  it.each([
    [true, false],
    [false, true],
    [false, false],
  ])("with flips %s and grayscale %s changes the second view only so", (flips, gray) => {
    const [plain, second] = augmentedViews(image, { scales: [1], flips, grayscale: gray });
    expect(plain).toEqual({ scale: 1, flipped: false, gray: false, image });
    const mirrored = flips ? flipHorizontal(image) : image;
    expect(second).toEqual({ scale: 1, flipped: flips, gray, image: gray ? grayscale(mirrored) : mirrored });
  });

  it.each([0.1, 0, -1, Number.NaN])("refuses scale %d, which leaves no pixel, and says the size", (scale) => {
    expect(() => augmentedViews(image, { scales: [1, scale], flips: true, grayscale: true })).toThrow(
      expect.objectContaining({ code: "image.size", message: expect.stringContaining("7 x 5 pixels at scale") }),
    );
  });

  it.each([1e6, Number.POSITIVE_INFINITY])("refuses scale %d, which no memory holds", (scale) => {
    expect(() => augmentedViews(image, { scales: [scale], flips: true, grayscale: true })).toThrow(
      expect.objectContaining({ code: "image.size", message: expect.stringContaining("smaller scale") }),
    );
  });
});

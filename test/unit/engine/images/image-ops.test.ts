// Laws and hand-checked values of the image operations.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argmaxLabels } from "../../../../src-main/engine/images/argmax.ts";
import { flipHorizontal, flipLabelsHorizontal } from "../../../../src-main/engine/images/flip-horizontal.ts";
import { grayscale } from "../../../../src-main/engine/images/grayscale.ts";
import { limitSize } from "../../../../src-main/engine/images/limit-size.ts";
import { normalize } from "../../../../src-main/engine/images/normalize.ts";
import { resizeBilinear } from "../../../../src-main/engine/images/resize-bilinear.ts";
import { resizeNearest } from "../../../../src-main/engine/images/resize-nearest.ts";
import type { RgbImage } from "../../../../src-main/engine/images/rgb-image.ts";
import { anyLabelMap, anyRgbImage } from "../../../helpers/pictures.ts";

const anySize = fc.integer({ min: 1, max: 40 });

function grayRow(values: readonly number[]): RgbImage {
  return { width: values.length, height: 1, data: Uint8Array.from(values.flatMap((v) => [v, v, v])) };
}

const redOf = (image: RgbImage): number[] => [...image.data].filter((_, i) => i % 3 === 0);

function uniform(width: number, height: number, value: number): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3).fill(value) };
}

describe("resizeBilinear", () => {
  // Pillow's results, from the self-adaptation specification, section 8 "Small pieces".
  it.each([
    [6, [67, 115, 56, 179, 65, 77]],
    [4, [94, 83, 130, 73]],
    [3, [92, 111, 85]],
    [2, [95, 97]],
  ])("shrinks a row of 8 to %i as Pillow does, and a column just the same", (size, expected) => {
    const row = grayRow([10, 200, 30, 40, 250, 60, 70, 80]);
    expect(redOf(resizeBilinear(row, size, 1))).toEqual(expected);
    expect(redOf(resizeBilinear({ ...row, width: 1, height: 8 }, 1, size))).toEqual(expected);
  });

  it("copies an image whose size does not change", () => {
    fc.assert(
      fc.property(anyRgbImage, (image) => {
        const same = resizeBilinear(image, image.width, image.height);
        expect(same).toEqual(image);
        expect(same.data).not.toBe(image.data);
      }),
    );
  });

  it("stays between the darkest and the brightest pixel, and keeps white white", () => {
    fc.assert(
      fc.property(anyRgbImage, anySize, anySize, (image, width, height) => {
        const resized = resizeBilinear(image, width, height);
        expect(resized.data).toHaveLength(width * height * 3);
        expect(Math.min(...resized.data)).toBeGreaterThanOrEqual(Math.min(...image.data));
        expect(Math.max(...resized.data)).toBeLessThanOrEqual(Math.max(...image.data));
        const white = uniform(image.width, image.height, 255);
        expect(resizeBilinear(white, width, height)).toEqual(uniform(width, height, 255));
      }),
    );
  });

  it("refuses sizes without pixels and data that does not fit its size, as bugs", () => {
    expect(() => resizeBilinear(uniform(2, 2, 0), 0, 1)).toThrow(/to 0 x 1/);
    expect(() => resizeBilinear({ width: 2, height: 2, data: new Uint8Array(11) }, 1, 1)).toThrow(/has 11 bytes/);
  });
});

describe("resizeNearest", () => {
  it("copies a map whose size does not change, and undoes an enlargement by a whole factor", () => {
    fc.assert(
      fc.property(anyLabelMap, fc.integer({ min: 1, max: 4 }), (map, factor) => {
        const enlarged = resizeNearest(map, map.width * factor, map.height * factor);
        expect(resizeNearest(enlarged, map.width, map.height)).toEqual(map);
      }),
    );
  });

  it("decides ties by the rounding of added-up positions, as Pillow does", () => {
    const map = { width: 2, height: 1, data: Uint8Array.of(0, 1) };
    expect([...resizeNearest(map, 7, 1).data]).toEqual([0, 0, 0, 0, 1, 1, 1]);
    expect([...resizeNearest({ ...map, width: 1, height: 2 }, 1, 7).data]).toEqual([0, 0, 0, 0, 1, 1, 1]);
  });

  it("invents no ids", () => {
    fc.assert(
      fc.property(anyLabelMap, anySize, anySize, (map, width, height) => {
        const ids = new Set(map.data);
        expect(resizeNearest(map, width, height).data.every((id) => ids.has(id))).toBe(true);
      }),
    );
  });
});

describe("mirroring", () => {
  it("twice gives the picture back", () => {
    fc.assert(
      fc.property(anyRgbImage, anyLabelMap, (image, map) => {
        expect(flipHorizontal(flipHorizontal(image))).toEqual(image);
        expect(flipLabelsHorizontal(flipLabelsHorizontal(map))).toEqual(map);
      }),
    );
  });

  it("swaps columns and keeps rows and channels", () => {
    const image = { width: 2, height: 2, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) };
    expect([...flipHorizontal(image).data]).toEqual([4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9]);
    expect([...flipLabelsHorizontal({ width: 2, height: 2, data: Uint8Array.of(1, 2, 3, 4) }).data]).toEqual([
      2, 1, 4, 3,
    ]);
  });
});

describe("grayscale", () => {
  it("leaves grey pixels as they are, so twice is the same as once", () => {
    fc.assert(
      fc.property(anyRgbImage, (image) => {
        const gray = grayscale(image);
        expect(grayscale(gray)).toEqual(gray);
      }),
    );
  });

  it("weighs red, green and blue as Pillow does", () => {
    const image = { width: 3, height: 1, data: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255) };
    expect(redOf(grayscale(image))).toEqual([76, 150, 29]);
  });
});

describe("limitSize", () => {
  it("shrinks only above the limit's area, and then to exactly its size", () => {
    const limit = { width: 4, height: 2 };
    const wide = uniform(8, 1, 7);
    expect(limitSize(wide, limit)).toBe(wide);
    expect(limitSize(uniform(3, 3, 7), limit)).toEqual(uniform(4, 2, 7));
  });

  it("takes the original's limit of 2048 x 1024 when none is given", () => {
    const fits = uniform(2048, 1024, 1);
    expect(limitSize(fits)).toBe(fits);
    expect(limitSize(uniform(2049, 1024, 1))).toMatchObject({ width: 2048, height: 1024 });
  });
});

describe("normalize", () => {
  it("gives planes of red, green and blue around 0", () => {
    const normalized = normalize({ width: 1, height: 2, data: Uint8Array.of(0, 124, 255, 255, 0, 0) });
    const expected = [0, 255, 124, 0, 255, 0].map((v, i) => {
      const channel = Math.floor(i / 2);
      return (v / 255 - Number([0.485, 0.456, 0.406][channel])) / Number([0.229, 0.224, 0.225][channel]);
    });
    for (const [i, value] of expected.entries()) expect(normalized[i]).toBeCloseTo(value, 6);
  });
});

describe("argmaxLabels", () => {
  it("gives the first of the best classes at each pixel", () => {
    // [1, 3, 1, 4]
    const scores = Float32Array.of(1, 0, 5, -1, 1, 2, 4, -3, 0, 2, 6, -1);
    expect(argmaxLabels(scores, 3, 1, 4)).toEqual({ width: 4, height: 1, data: Uint8Array.of(0, 1, 2, 0) });
  });

  it("works across the borders of its blocks of pixels", () => {
    const [width, height] = [100, 90]; // more than two blocks of 4096
    const expected = Uint8Array.from({ length: width * height }, (_, i) => (i * 7) % 5);
    const scores = Float32Array.from({ length: 5 * expected.length }, (_, i) =>
      Math.floor(i / expected.length) === expected[i % expected.length] ? 1 : 0,
    );
    expect(argmaxLabels(scores, 5, height, width).data).toEqual(expected);
  });

  it("refuses scores that do not fit the shape, as a bug", () => {
    expect(() => argmaxLabels(new Float32Array(5), 2, 1, 3)).toThrow(/\[1, 2, 1, 3\] got 5 scores/);
  });
});

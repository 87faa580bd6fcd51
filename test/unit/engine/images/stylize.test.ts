import { describe, expect, it } from "vitest";
import { fourierStyled } from "../../../../src-main/engine/images/fourier-style.ts";
import { reinhardStyled } from "../../../../src-main/engine/images/reinhard-style.ts";
import type { RgbImage } from "../../../../src-main/engine/images/rgb-image.ts";
import { fittedTo, stylized, stylizedWithin } from "../../../../src-main/engine/images/stylize.ts";
import { createRandom } from "../../../../src-main/engine/random.ts";
import { differenceOf } from "../../../helpers/recorded.ts";

function noise(width: number, height: number, seed: number): RgbImage {
  const random = createRandom(seed);
  return { width, height, data: Uint8Array.from({ length: 3 * width * height }, () => random.integer(256)) };
}

function plain(width: number, height: number, color: readonly number[]): RgbImage {
  return { width, height, data: Uint8Array.from({ length: 3 * width * height }, (_, i) => color[i % 3] ?? 0) };
}

const grey = (image: RgbImage): RgbImage => ({ ...image, data: image.data.map((_, i, all) => all[i - (i % 3)] ?? 0) });

/** Source: spec of CISS, "16.1" and "16.2". */
function waves(width: number, height: number, value: (y: number, x: number, c: number) => number): RgbImage {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return value(Math.floor(pixel / width), pixel % width, i % 3) % 256;
  });
  return { width, height, data };
}
const ramp = (width: number, height: number) => waves(width, height, (y, x, c) => 17 * y + 31 * x + 53 * c);
const curve = (width: number, height: number) => waves(width, height, (y, x, c) => 7 * y * y + 11 * x + 101 * c);

describe("a Fourier style", () => {
  it("gives the specification's numbers", () => {
    const { data } = fourierStyled(ramp(10, 8), curve(10, 8), 0.25);
    const row = [6.5152, 29.4245, 27.0145, 37.7885, 73.2516, 108.2934, 123.125, 136.0517, 179.7185, -2.9332];
    expect(
      differenceOf(
        Array.from(data).filter((_, i) => i % 3 === 0 && i < 30),
        row,
      ).largest,
    ).toBeLessThan(1e-4);
  });

  it("of the image itself changes nothing", () => {
    const image = noise(17, 12, 1);
    expect(differenceOf(fourierStyled(image, image, 0.3).data, image.data).largest).toBeLessThan(1e-10);
  });

  it.each([-0.01, 0.5, Number.NaN])("refuses beta %d", (beta) => {
    expect(() => fourierStyled(noise(8, 8, 1), noise(8, 8, 2), beta)).toThrow(/^beta is .*; give a share from 0/);
  });

  it("refuses an image of one colour, and one of fewer frequencies than are asked for", () => {
    expect(() => fourierStyled(plain(8, 8, [9, 8, 7]), noise(8, 8, 2), 0.2)).toThrow("is of one colour alone");
    expect(() => fourierStyled(noise(40, 40, 1), noise(9, 9, 2), 0.2)).toThrow("asks for 17 frequencies");
  });

  it("takes light from an image of one colour", () => {
    const { data } = fourierStyled(noise(8, 8, 1), plain(8, 8, [10, 20, 30]), 0);
    const means = [0, 1, 2].map((c) =>
      Array.from(data)
        .filter((_, i) => i % 3 === c)
        .reduce((sum, value) => sum + value / 64, 0),
    );
    expect(differenceOf(means, [10, 20, 30]).largest).toBeLessThan(1e-10);
  });
});

describe("Reinhard's transfer", () => {
  // A part of the picture of the Fourier style, whose channel 0 stands for red where blue is taken for it.
  it("gives the specification's numbers", () => {
    const swapped = (image: RgbImage) => ({
      ...image,
      data: image.data.map((_, i, all) => all[i + 2 - 2 * (i % 3)] ?? 0),
    });
    const { data } = reinhardStyled(swapped(ramp(4, 4)), swapped(curve(4, 4)));
    const expected = [28.2025, 16.9089, 34.8118, 58.7564];
    expect(
      differenceOf(
        [0, 1, 2, 3].map((x) => data[3 * x + 2] ?? 0),
        expected,
      ).largest,
    ).toBeLessThan(1e-4);
  });

  it.each([
    ["grey", grey(noise(8, 8, 1))],
    ["of one colour", plain(8, 8, [9, 8, 7])],
    ["black", plain(8, 8, [0, 0, 0])],
  ])("refuses an image that is %s", (_, image) => {
    expect(() => reinhardStyled(image, noise(8, 8, 2))).toThrow("The image is grey or of one colour");
  });

  it("makes an image grey-toned by the colours of a grey one", () => {
    const { data } = reinhardStyled(noise(8, 8, 1), grey(noise(8, 8, 2)));
    expect(data.every(Number.isFinite)).toBe(true);
  });
});

describe("an image of another aspect", () => {
  it("is cut in the middle and brought to the size", () => {
    const wide = fittedTo(noise(64, 16, 1), { width: 8, height: 8 });
    expect([wide.width, wide.height]).toEqual([8, 8]);
  });

  it("gives its mean brightness, whatever its size", () => {
    const image = noise(16, 8, 1);
    const styled = stylized(image, fittedTo(plain(70, 50, [200, 200, 200]), image), { style: "fourier", beta: 0.01 });
    expect(Array.from(styled.data).reduce((sum, value) => sum + value, 0) / styled.data.length).toBeCloseTo(200, 8);
  });
});

describe("a style at a smaller size", () => {
  const content = noise(96, 64, 3);
  const style = noise(96, 64, 4);

  it("is the same where the image is small enough", () => {
    const how = { style: "fourier", beta: 0.1 } as const;
    expect(stylizedWithin(content, style, how, 96)).toEqual(stylized(content, style, how));
  });

  it.each([0, 0.01, 0.1, 0.3, 0.499])("has the means of the style and no more than the size, for beta %d", (beta) => {
    const { width, height, data } = stylizedWithin(content, style, { style: "fourier", beta }, 48);
    expect([width, height]).toEqual([48, 32]);
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(data) - mean(style.data))).toBeLessThan(0.5);
  });

  it("changes as many frequencies as in the image's own size", () => {
    // Three frequencies of 64 rows are three of 32: what is left differs from the small image by these alone.
    const small = stylizedWithin(content, style, { style: "fourier", beta: 0.05 }, 48);
    const direct = stylized(fittedTo(content, small), fittedTo(style, small), { style: "fourier", beta: 3.5 / 32 });
    expect(differenceOf(small.data, direct.data).largest).toBeLessThan(1e-9);
  });

  it("has a size for colours, too", () => {
    const { width, height } = stylizedWithin(content, style, { style: "reinhard" }, 24);
    expect([width, height]).toEqual([24, 16]);
  });
});

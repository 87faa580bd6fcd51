// Colour jitter and blur of mixed images against kornia's, of both meanings.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { at } from "../../../src-main/engine/graph/node.ts";
import type { KorniaFlavour } from "../../../src-main/engine/images/jitter-float-colors.ts";
import { blurMixed, jitterMixed } from "../../../src-main/engine/methods/crots/mixed-colors.ts";
import { caffeBatch } from "../../helpers/crots-network.ts";
import { crotsDrifts, jitterOf, type RecordedJitter, type RecordedValuesOf } from "../../helpers/crots-steps.ts";
import { CROTS_FIXTURES } from "../../helpers/fixtures-root.ts";

interface PhotometricCase {
  readonly kornia: string;
  readonly images: readonly string[];
  readonly jitter: readonly RecordedJitter[];
  readonly blur_sigma: readonly number[];
  readonly values: RecordedValuesOf;
}

const FOLDER = `${CROTS_FIXTURES}E-photometric/`;
const FILES = readdirSync(FOLDER).filter((file) => /^case.*\.json$/.test(file));
const CASES = FILES.map((file) => JSON.parse(readFileSync(FOLDER + file, "utf8")) as PhotometricCase);

it("has recorded cases of both meanings", () => {
  expect(new Set(CASES.map(({ kornia }) => flavourOf(kornia)))).toEqual(new Set(["0.5.8", "0.6.4"]));
});

describe.each(CASES)("kornia $kornia", (golden) => {
  const { jitter, blur_sigma, values } = golden;

  it.each([...jitter.keys()])("jitter %i", async (k) => {
    const { pixels, length } = await images(golden);
    for (const image of golden.images.keys()) {
      const planes = pixels.subarray(image * length, (image + 1) * length);
      jitterMixed(planes, jitterOf(at(jitter, k), image), flavourOf(golden.kornia));
    }
    expect(await crotsDrifts(FOLDER, values, { [`jitter${k}`]: pixels })).toEqual([]);
  });

  it.each([...blur_sigma.keys()])("blur %i", async (k) => {
    const { pixels, length, size } = await images(golden);
    for (const image of golden.images.keys()) {
      blurMixed(pixels.subarray(image * length, (image + 1) * length), size, at(blur_sigma, k));
    }
    expect(await crotsDrifts(FOLDER, values, { [`blur${k}`]: pixels })).toEqual([]);
  });
});

function flavourOf(version: string): KorniaFlavour {
  return version >= "0.6.4" ? "0.6.4" : "0.5.8";
}

async function images({ images: files }: PhotometricCase) {
  const { shape, data } = await caffeBatch(files.map((file) => FOLDER + file));
  const [, , height = 0, width = 0] = shape;
  return { pixels: Float32Array.from(data), length: 3 * height * width, size: [height, width] as const };
}

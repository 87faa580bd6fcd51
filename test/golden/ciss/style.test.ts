// Stylisation against what the original program made of the same pairs: Fourier domain adaptation and Reinhard's colour transfer.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeImage } from "../../../src-main/engine/images/decode-image.ts";
import type { FloatPicture } from "../../../src-main/engine/images/float-picture.ts";
import { fourierStyled, fourierStyledPair } from "../../../src-main/engine/images/fourier-style.ts";
import { reinhardStyled } from "../../../src-main/engine/images/reinhard-style.ts";
import { CISS_FIXTURES } from "../../helpers/fixtures-root.ts";
import { differenceFromSummary, differenceOf, type Summary } from "../../helpers/recorded.ts";
import { readFixtureDoubles } from "../../helpers/safetensors-fixture.ts";

const FOLDER = join(CISS_FIXTURES, "C-pieces");
/** Of 0..255. Another float64 transform differs by 2e-13 (fixtures README, "4. Tolerances"). */
const TOLERANCE = 1e-10;
/** Where the record is float32: half a unit in the last place of 255. */
const RECORDED_IN_FLOAT32 = 1.6e-5;

interface Styled extends Summary {
  readonly tensor: string;
}
interface StyleCase {
  readonly source: string;
  readonly target: string;
  readonly source_stylized: Styled;
  readonly target_stylized: Styled;
}
interface FourierCase extends StyleCase {
  readonly bandwidth: number;
}

const golden = JSON.parse(readFileSync(join(FOLDER, "case.json"), "utf8")) as {
  readonly style: { readonly tensors: string; readonly fda: FourierCase[]; readonly reinhard: StyleCase[] };
};
const tensors = readFixtureDoubles(join(FOLDER, golden.style.tensors));

function expectRecorded({ data }: FloatPicture, recorded: Styled): void {
  expect(differenceFromSummary(data, recorded)).toBeLessThan(TOLERANCE);
  if (recorded.tensor.startsWith("none")) return;
  const whole = tensors(recorded.tensor);
  const limit = whole instanceof Float64Array ? TOLERANCE : RECORDED_IN_FLOAT32;
  expect(differenceOf(data, whole).largest).toBeLessThan(limit);
}

const pairOf = async ({ source, target }: StyleCase) =>
  Promise.all([decodeImage(join(FOLDER, source)), decodeImage(join(FOLDER, target))]);

describe("low amplitudes of another image", () => {
  it.each(golden.style.fda.map((one) => [one.source, one] as const))("%s", async (_, one) => {
    const [source, target] = await pairOf(one);
    expectRecorded(fourierStyled(source, target, one.bandwidth), one.source_stylized);
    expectRecorded(fourierStyled(target, source, one.bandwidth), one.target_stylized);
    const [styledSource, styledTarget] = fourierStyledPair(source, target, one.bandwidth);
    expectRecorded(styledSource, one.source_stylized);
    expectRecorded(styledTarget, one.target_stylized);
  });
});

describe("colour statistics of another image", () => {
  it.each(golden.style.reinhard.map((one) => [one.source, one] as const))("%s", async (_, one) => {
    const [source, target] = await pairOf(one);
    expectRecorded(reinhardStyled(source, target), one.source_stylized);
    expectRecorded(reinhardStyled(target, source), one.target_stylized);
  });
});

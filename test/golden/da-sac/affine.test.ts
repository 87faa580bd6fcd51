// Affine matrices and their inverses against the original's, also for angles and odd sizes.
import { describe, expect, it } from "vitest";
import { affineInverseOf, affineOf } from "../../../src-main/engine/methods/da-sac/affine-matrices.ts";
import type { Size } from "../../../src-main/engine/methods/da-sac/masked-picture.ts";
import { DA_SAC_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { differenceOf } from "../../helpers/recorded.ts";

type Matrix = readonly (readonly number[])[];

interface AffineCase {
  readonly crop_h_w: Size;
  readonly params: readonly (readonly [dy: number, dx: number, angle: number, inverseScale: number, flip: 1 | -1])[];
  readonly affine: readonly Matrix[];
  readonly affine_inverse: readonly Matrix[];
}

/** Numbers up to 2 in float32, of a few operations each. */
const TOLERANCE = 1e-6;

const CASES = goldenCases<{ readonly cases: readonly AffineCase[] }>(`${DA_SAC_FIXTURES}E-affine`).flatMap(
  ({ name, json }) => json.cases.map((each) => [`${name} ${each.crop_h_w.join(" x ")}`, each] as const),
);

describe.each(CASES)("crops of%s", (_, { crop_h_w: size, params, affine, affine_inverse: inverse }) => {
  it.each(params.map((each, k) => [each.join(", "), k] as const))("%s", (_name, k) => {
    const [dy, dx, angle, inverseScale, flip] = params[k] ?? [0, 0, 0, 1, 1];
    const geometry = { dy, dx, angle, inverseScale, flip };
    expect(differenceOf(affineOf(geometry, size), affine[k]?.flat() ?? []).largest).toBeLessThan(TOLERANCE);
    expect(differenceOf(affineInverseOf(geometry, size), inverse[k]?.flat() ?? []).largest).toBeLessThan(TOLERANCE);
  });
});

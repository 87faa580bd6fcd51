// Warps by matrix products against plain bilinear sampling, point by point.
import fc from "fast-check";
import { expect, test } from "vitest";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { affineInverseOf, affineOf } from "../../../../../src-main/engine/methods/da-sac/affine-matrices.ts";
import { coverageOf, warped, warpOf } from "../../../../../src-main/engine/methods/da-sac/warp.ts";
import { evaluateNamed, RUNTIMES } from "../../../../helpers/runtimes-under-test.ts";
import { type TestTensor, tensor, uniform } from "../../../../helpers/seeded-tensors.ts";
import "../../../../helpers/to-be-all-close.ts";

const geometry = fc.record({
  dy: fc.integer({ min: -6, max: 6 }).map((halves) => halves / 2),
  dx: fc.integer({ min: -6, max: 6 }).map((halves) => halves / 2),
  angle: fc.constant(0),
  inverseScale: fc.double({ min: 0.6, max: 2, noNaN: true }),
  flip: fc.constantFrom(1, -1) as fc.Arbitrary<1 | -1>,
});

const place = fc.record({
  height: fc.integer({ min: 2, max: 9 }),
  width: fc.integer({ min: 2, max: 9 }),
  geometries: fc.array(geometry, { minLength: 2, maxLength: 2 }),
  isBack: fc.boolean(),
  seed: fc.nat(),
});

/** grid_sample(x, affine_grid(A)) as PyTorch defines it, in double precision. */
function sampled({ shape, data }: TestTensor, affine: Float32Array, samples: number): number[] {
  const [images = 0, channels = 0, height = 0, width = 0] = shape;
  const result: number[] = [];
  for (let n = 0; n < samples; n++) {
    const image = Math.floor((n * images) / samples);
    const [a = 0, , tx = 0, , d = 0, ty = 0] = affine.subarray(6 * n, 6 * n + 6);
    for (let c = 0; c < channels; c++) {
      const pixel = (y: number, x: number): number =>
        y < 0 || x < 0 || y >= height || x >= width
          ? 0
          : (data[((image * channels + c) * height + y) * width + x] ?? 0);
      for (let r = 0; r < height; r++) {
        for (let s = 0; s < width; s++) {
          const x = ((a * ((2 * s + 1) / width - 1) + tx + 1) * width - 1) / 2;
          const y = ((d * ((2 * r + 1) / height - 1) + ty + 1) * height - 1) / 2;
          const [x0, y0] = [Math.floor(x), Math.floor(y)];
          const [fx, fy] = [x - x0, y - y0];
          const top = pixel(y0, x0) * (1 - fx) + pixel(y0, x0 + 1) * fx;
          result.push(top * (1 - fy) + (pixel(y0 + 1, x0) * (1 - fx) + pixel(y0 + 1, x0 + 1) * fx) * fy);
        }
      }
    }
  }
  return result;
}

test.each(RUNTIMES)("maps and their coverage on %s", async (_name, runtime) => {
  await fc.assert(
    fc.asyncProperty(place, async ({ height, width, geometries, isBack, seed }) => {
      const of = isBack ? affineInverseOf : affineOf;
      const affine = Float32Array.from(geometries.flatMap((each) => [...of(each, [height, width])]));
      const maps = uniform([2, 3, height, width], seed); // one for each crop
      const frame = uniform([1, 3, height, width], seed + 1); // one for both
      const warp = warpOf(input("affine", [2, 2, 3]), [height, width]);
      const found = await evaluateNamed(
        runtime,
        new Map([
          ["affine", { shape: [2, 2, 3], data: affine }],
          ["maps", maps],
          ["frame", frame],
        ]),
        {
          ofMaps: warped(input("maps", maps.shape), warp),
          ofFrame: warped(input("frame", frame.shape), warp),
          coverage: coverageOf(warp),
        },
      );
      const tolerance = { relative: 1e-4, absolute: 1e-5 };
      expect(found.ofMaps).toBeAllClose(sampled(maps, affine, 2), tolerance);
      expect(found.ofFrame).toBeAllClose(sampled(frame, affine, 2), tolerance);
      const ones = tensor([1, 1, height, width], new Array(height * width).fill(1));
      expect(found.coverage).toBeAllClose(sampled(ones, affine, 2), tolerance);
    }),
    { seed: 20261201, numRuns: 30 },
  );
});

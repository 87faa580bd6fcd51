// Scores enlarged band by band are those of the whole enlargement.
import { expect, it } from "vitest";
import { interpolationMatrix } from "../../../../../src-main/engine/graph/ops/interpolation-matrix.ts";
import { joinBands } from "../../../../../src-main/engine/images/score-bands.ts";
import { enlargedBands } from "../../../../../src-main/engine/methods/inference/enlarged-bands.ts";

it("many classes over a wide image come in several bands, each row once, with the values of both matrices", async () => {
  const from = { numClasses: 150, height: 5, width: 7 };
  const to = { height: 9, width: 30_000 };
  const scores = Float32Array.from({ length: 150 * 5 * 7 }, (_, i) => Math.sin(i * 12.9) * 10);
  const bands = [...enlargedBands(scores, from, to)];
  expect(bands.map(({ top, height }) => [top, height])).toEqual([
    [0, 3],
    [3, 3],
    [6, 3],
  ]);
  const joined = await joinBands(bands, { numClasses: 150, ...to });
  const [rows, columns] = [interpolationMatrix(5, 9, false), interpolationMatrix(7, 30_000, false)];
  for (const [k, y, x] of [
    [0, 0, 0],
    [3, 4, 12_345],
    [149, 8, 29_999],
    [77, 5, 20_001],
  ] as const) {
    let expected = 0;
    for (let i = 0; i < 5; i += 1) {
      for (let j = 0; j < 7; j += 1) {
        expected += (rows[y * 5 + i] ?? 0) * (scores[(k * 5 + i) * 7 + j] ?? 0) * (columns[x * 7 + j] ?? 0);
      }
    }
    expect(joined[(k * 9 + y) * 30_000 + x]).toBeCloseTo(expected, 4);
  }
});

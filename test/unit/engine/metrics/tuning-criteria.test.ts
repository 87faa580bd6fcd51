// The label-free criteria against their definitions in plain float64 loops, and what each must say of clear cases.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entropyFigures } from "../../../../src-main/engine/metrics/tuning-criteria/information-maximization.ts";
import { labelAgreement } from "../../../../src-main/engine/metrics/tuning-criteria/label-agreement.ts";
import { nuclearNorm, symmetricEigenvalues } from "../../../../src-main/engine/metrics/tuning-criteria/nuclear-norm.ts";
import {
  type SampledProbabilities,
  sampledProbabilities,
  thinned,
} from "../../../../src-main/engine/metrics/tuning-criteria/sampled-probabilities.ts";
import { softNeighborhoodDensity } from "../../../../src-main/engine/metrics/tuning-criteria/soft-neighborhood-density.ts";

const K = 3;

/** Rows of probabilities, none of them exactly 0. */
const anyRows = fc.array(fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: K, maxLength: K }), {
  minLength: 3,
  maxLength: 12,
});

function sampleOf(rows: readonly (readonly number[])[]): SampledProbabilities {
  const normalised = rows.map((row) => {
    const sum = row.reduce((total, value) => total + value, 0);
    return row.map((value) => value / sum);
  });
  return { numClasses: K, count: rows.length, rows: Float64Array.from(normalised.flat()) };
}

function rowsOf({ rows, count }: SampledProbabilities): number[][] {
  return Array.from({ length: count }, (_, i) => [...rows.subarray(i * K, (i + 1) * K)]);
}

function entropy(distribution: readonly number[]): number {
  return distribution.reduce((sum, p) => (p === 0 ? sum : sum - p * Math.log(p)), 0);
}

const COLLAPSED = sampleOf(Array.from({ length: 9 }, () => [1, 0, 0]));
const SURE_AND_VARIED = sampleOf(Array.from({ length: 9 }, (_, i) => [0, 1, 2].map((k) => Number(k === i % K))));
const UNDECIDED = sampleOf(Array.from({ length: 9 }, () => [1, 1, 1]));

describe("information maximisation", () => {
  it("is mean and marginal entropy by their definitions", () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const sample = sampleOf(rows);
        const all = rowsOf(sample);
        const mean = all.reduce((sum, row) => sum + entropy(row), 0) / all.length / Math.log(K);
        const marginal = [0, 1, 2].map((k) => all.reduce((sum, row) => sum + (row[k] ?? 0), 0) / all.length);
        const figures = entropyFigures(sample);
        expect(figures.mean).toBeCloseTo(mean, 12);
        expect(figures.marginal).toBeCloseTo(entropy(marginal) / Math.log(K), 12);
      }),
    );
  });

  it("tells a collapse from a sure prediction of many classes, which the mean alone does not", () => {
    const [collapsed, varied, undecided] = [COLLAPSED, SURE_AND_VARIED, UNDECIDED].map(entropyFigures);
    expect([collapsed?.mean, varied?.mean]).toEqual([0, 0]);
    expect(collapsed?.marginal).toBeCloseTo(0, 12);
    expect(varied?.marginal).toBeCloseTo(1, 12);
    expect([undecided?.mean, undecided?.marginal].map((value) => value?.toFixed(9))).toEqual([
      "1.000000000",
      "1.000000000",
    ]);
  });
});

describe("soft neighbourhood density", () => {
  it("is the mean entropy of the softmax over the cosines to all others", () => {
    fc.assert(
      fc.property(anyRows, (given) => {
        const sample = sampleOf(given);
        const rows = rowsOf(sample);
        const dot = (a: readonly number[], b: readonly number[]): number =>
          a.reduce((sum, x, k) => sum + x * (b[k] ?? 0), 0);
        const entropies = rows.map((row, i) => {
          const others = rows.filter((_, j) => j !== i);
          const weights = others.map((other) =>
            Math.exp(dot(row, other) / Math.sqrt(dot(row, row) * dot(other, other)) / 0.05),
          );
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          return entropy(weights.map((weight) => weight / total));
        });
        const expected = entropies.reduce((sum, value) => sum + value, 0) / rows.length / Math.log(rows.length - 1);
        expect(softNeighborhoodDensity(sample)).toBeCloseTo(expected, 9);
      }),
    );
  });

  it("is greatest where all pixels have the same probabilities, and less where they fall apart in groups", () => {
    expect(softNeighborhoodDensity(UNDECIDED)).toBeCloseTo(1, 12);
    expect(softNeighborhoodDensity(SURE_AND_VARIED)).toBeCloseTo(Math.log(2) / Math.log(8), 6);
  });
});

describe("nuclear norm", () => {
  it("is 1 for sure pixels of all classes alike, and 1/√K of it after a collapse", () => {
    expect(nuclearNorm(SURE_AND_VARIED)).toBeCloseTo(1, 12);
    expect(nuclearNorm(COLLAPSED)).toBeCloseTo(1 / Math.sqrt(K), 12);
    expect(nuclearNorm(UNDECIDED)).toBeCloseTo(1 / K, 6);
  });

  it("takes eigenvalues whose power sums are the traces of the matrix's powers", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 10, maxLength: 10 }), (upper) => {
        const n = 4;
        const matrix = new Float64Array(n * n);
        let next = 0;
        for (let a = 0; a < n; a++) {
          for (let b = a; b < n; b++) {
            const value = upper[next++] ?? 0;
            matrix[a * n + b] = value;
            matrix[b * n + a] = value;
          }
        }
        const values = symmetricEigenvalues(matrix, n);
        let power = matrix;
        for (let exponent = 1; exponent <= n; exponent++) {
          const trace = [0, 1, 2, 3].reduce((sum, i) => sum + (power[i * n + i] ?? 0), 0);
          const sum = values.reduce((total, value) => total + value ** exponent, 0);
          expect(Math.abs(sum - trace)).toBeLessThan(1e-8 * (1 + Math.abs(trace)));
          power = product(power, matrix, n);
        }
      }),
    );
  });

  it("is the sum of the singular values: of two columns in closed form", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 9 }), (firsts) => {
        const rows = firsts.map((p) => [p, 1 - p]);
        const sum = (at: (p: number) => number): number => firsts.reduce((total, p) => total + at(p), 0);
        const [aa, bb, ab] = [sum((p) => p * p), sum((p) => (1 - p) ** 2), sum((p) => p * (1 - p))];
        // (σ₁ + σ₂)² = tr(PᵀP) + 2·√det(PᵀP)
        const expected = Math.sqrt(aa + bb + 2 * Math.sqrt(Math.max(0, aa * bb - ab * ab)));
        const sample = { numClasses: 2, count: rows.length, rows: Float64Array.from(rows.flat()) };
        expect(nuclearNorm(sample) * Math.sqrt(rows.length * 2)).toBeCloseTo(expected, 6);
      }),
    );
  });
});

function product(a: Float64Array, b: Float64Array, n: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    return Array.from({ length: n }, (_, k) => (a[row * n + k] ?? 0) * (b[k * n + column] ?? 0)).reduce(
      (x, y) => x + y,
      0,
    );
  });
}

describe("agreement of labels", () => {
  const anyLabels = fc.array(fc.tuple(fc.nat({ max: K - 1 }), fc.nat({ max: K - 1 })), { minLength: 1, maxLength: 30 });

  it("is 1 of a prediction with itself, symmetric, and the mean IoU by its definition", () => {
    fc.assert(
      fc.property(anyLabels, (pairs) => {
        const a = Uint8Array.from(pairs, ([left]) => left);
        const b = Uint8Array.from(pairs, ([, right]) => right);
        expect(labelAgreement(a, a, K)).toBe(1);
        expect(labelAgreement(a, b, K)).toBeCloseTo(labelAgreement(b, a, K), 12);
        const ious = [0, 1, 2].flatMap((k) => {
          const either = pairs.filter(([left, right]) => left === k || right === k).length;
          return either === 0 ? [] : [pairs.filter(([left, right]) => left === k && right === k).length / either];
        });
        expect(labelAgreement(a, b, K)).toBeCloseTo(ious.reduce((x, y) => x + y, 0) / ious.length, 12);
      }),
    );
  });
});

describe("sampled probabilities", () => {
  it("are the softmax of the logits at pixels of a lattice, never more than asked for", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 40 }),
        (width, height, maxPixels) => {
          const plane = width * height;
          // Logits that tell the pixel: log of (1, pixel + 1, 1).
          const scores = Float32Array.from({ length: K * plane }, (_, at) =>
            Math.floor(at / plane) === 1 ? Math.log((at % plane) + 1) : 0,
          );
          const sample = sampledProbabilities(scores, "logits", K, { width, height, maxPixels });
          expect(sample.count).toBeGreaterThanOrEqual(1);
          expect(sample.count).toBeLessThanOrEqual(maxPixels);
          if (maxPixels >= plane) expect(sample.count).toBe(plane);
          const pixels = rowsOf(sample).map(([first = 0, second = 0]) => Math.round(second / first) - 1);
          expect(pixels).toEqual([...new Set(pixels)].sort((a, b) => a - b));
          expect(pixels.every((pixel) => pixel >= 0 && pixel < plane)).toBe(true);
          for (const row of rowsOf(sample)) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  it("are thinned to every so many rows", () => {
    const sample = sampleOf([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 1, 0],
      [1, 1, 1],
    ]);
    expect(rowsOf(thinned(sample, 3))).toEqual([
      [1, 0, 0],
      [0, 0, 1],
      [1 / 3, 1 / 3, 1 / 3],
    ]);
    expect(thinned(sample, 9)).toEqual(sample);
  });
});

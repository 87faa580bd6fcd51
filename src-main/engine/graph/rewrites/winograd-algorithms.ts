// Winograd's minimal filtering for kernels of three taps: the one-dimensional matrices, from the points of interpolation.

/**
 * F(outputs, 3): `outputs` results of a three-tap filter from outputs + 2 samples with as many multiplications,
 * y = output · [(kernel · g) ∘ (input · d)]. Source: Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks"
 * (CVPR 2016), section 4; the construction is Toom and Cook's.
 */
export interface WinogradAlgorithm {
  readonly outputs: number;
  /** [outputs + 2][outputs + 2] */
  readonly input: readonly (readonly number[])[];
  /** [outputs + 2][3] */
  readonly kernel: readonly (readonly number[])[];
  /** [outputs][outputs + 2] */
  readonly output: readonly (readonly number[])[];
}

const TAPS = 3;

/** F(2, 3). */
export const WINOGRAD_2 = interpolatingAt([0, 1, -1]);

/**
 * F(4, 3). The usual points 0, ±1, ±2 lose twice as many digits: relative error of a convolution of 256 channels in
 * float32, random data: 2.4e-6 there, 1.2e-6 here, 0.6e-6 computed directly.
 */
export const WINOGRAD_4 = interpolatingAt([0, 5 / 8, -5 / 8, 3 / 2, -3 / 2]);

/** Multiplies polynomials by interpolation at the given points and at infinity; their values are the products. */
function interpolatingAt(points: readonly number[]): WinogradAlgorithm {
  const outputs = points.length + 2 - TAPS;
  const others = points.map((point) => points.filter((other) => other !== point));
  return {
    outputs,
    input: [...others.map((roots) => [...polynomialWithRoots(roots), 0]), polynomialWithRoots(points)],
    kernel: [
      ...points.map((point, k) => {
        const scale = others[k]?.reduce((product, other) => product * (point - other), 1) ?? 1;
        return powers(point, TAPS).map((power) => power / scale);
      }),
      powers(0, TAPS).toReversed(),
    ],
    output: Array.from({ length: outputs }, (_, row) => [
      ...points.map((point) => point ** row),
      row === outputs - 1 ? 1 : 0,
    ]),
  };
}

/** Coefficients of Π (x − root), lowest first. */
function polynomialWithRoots(roots: readonly number[]): number[] {
  let product = [1];
  for (const root of roots) {
    product = [0, ...product].map((lower, k) => lower - root * (product[k] ?? 0));
  }
  return product;
}

function powers(x: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => x ** k);
}

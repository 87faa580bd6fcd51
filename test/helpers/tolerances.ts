// How close is close: the one table of tolerances, each with its reason.

export interface Tolerance {
  /** Relative to the expected value. */
  readonly relative: number;
  readonly absolute: number;
}

export const TOLERANCES = {
  /** One op in float32: two runtimes sum in different orders and approximate transcendental functions differently. */
  values: { relative: 1e-4, absolute: 1e-6 },
  /** Error function: both runtimes use polynomials that are good to 5e-7 absolute, 1e-6 after scaling by the test's weights. */
  polynomial: { relative: 1e-4, absolute: 2e-6 },
  /** A gradient chains several float32 ops, some of which cancel (softmax, batch normalisation). */
  gradients: { relative: 1e-3, absolute: 1e-4 },
  /** Differences of float32 values 2e-2 apart: rounding of 1e-7 becomes 1e-5, curvature adds about 1e-4. */
  differences: { relative: 1e-3, absolute: 1e-4 },
  /** Winograd's transforms add and subtract before they multiply: a few more digits go, most with 4x4 tiles. */
  winograd: { relative: 1e-4, absolute: 3e-5 },
  /** Recorded single layers: ten times what PyTorch's own float32 and float64 differ by (3e-6 for interpolation). */
  goldenLayers: { relative: 1e-4, absolute: 3e-5 },
  /** Small integers, zeros and copies: every runtime has to get these exactly. */
  exact: { relative: 0, absolute: 0 },
} as const satisfies Readonly<Record<string, Tolerance>>;

// Winograd's minimal filtering for kernels of three taps: the one-dimensional matrices.

/**
 * F(outputs, 3): `outputs` results of a three-tap filter from outputs + 2 samples with as many multiplications,
 * y = output · [(kernel · g) ∘ (input · d)]. Source: Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks"
 * (CVPR 2016), sections 4.1 and 4.3.
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

/** Interpolates at 0, 1, −1 and ∞. */
export const WINOGRAD_2: WinogradAlgorithm = {
  outputs: 2,
  input: [
    [1, 0, -1, 0],
    [0, 1, 1, 0],
    [0, -1, 1, 0],
    [0, 1, 0, -1],
  ],
  kernel: [
    [1, 0, 0],
    [0.5, 0.5, 0.5],
    [0.5, -0.5, 0.5],
    [0, 0, 1],
  ],
  output: [
    [1, 1, 1, 0],
    [0, 1, -1, -1],
  ],
};

/** Interpolates at 0, 1, −1, 2, −2 and ∞. */
export const WINOGRAD_4: WinogradAlgorithm = {
  outputs: 4,
  input: [
    [4, 0, -5, 0, 1, 0],
    [0, -4, -4, 1, 1, 0],
    [0, 4, -4, -1, 1, 0],
    [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0],
    [0, 4, 0, -5, 0, 1],
  ],
  kernel: [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ],
  output: [
    [1, 1, 1, 1, 1, 0],
    [0, 1, -1, 2, -2, 0],
    [0, 1, 1, 4, 4, 0],
    [0, 1, -1, 8, -8, 1],
  ],
};

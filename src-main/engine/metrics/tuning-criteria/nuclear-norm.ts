// Nuclear norm of the pixels' probabilities: large where they are sure and of many classes.
import type { SampledProbabilities } from "./sampled-probabilities.ts";

/** Off the diagonal nothing is left after a handful of sweeps; this many are never needed for at most 255 classes. */
const MAX_SWEEPS = 60;

/**
 * The sum of the singular values of the matrix of probabilities [pixels, K], divided by its greatest possible value,
 * √(pixels · min(pixels, K)): 0..1, more is better.
 * Source: Cui et al., "Towards Discriminability and Diversity: Batch Nuclear-norm Maximization", CVPR 2020, eq. 5.
 */
export function nuclearNorm({ numClasses, count, rows }: SampledProbabilities): number {
  const gram = new Float64Array(numClasses * numClasses);
  for (let start = 0; start < rows.length; start += numClasses) {
    for (let a = 0; a < numClasses; a++) {
      const left = rows[start + a] as number;
      for (let b = a; b < numClasses; b++) {
        const at = a * numClasses + b;
        gram[at] = (gram[at] as number) + left * (rows[start + b] as number);
      }
    }
  }
  for (let a = 0; a < numClasses; a++) {
    for (let b = 0; b < a; b++) gram[a * numClasses + b] = gram[b * numClasses + a] as number;
  }
  const sum = symmetricEigenvalues(gram, numClasses).reduce((total, value) => total + Math.sqrt(Math.max(0, value)), 0);
  return sum / Math.sqrt(count * Math.min(count, numClasses));
}

/**
 * Eigenvalues of a symmetric matrix [n, n], in no particular order, by Jacobi's rotations.
 * Source: Golub, Van Loan, "Matrix Computations", 4th edition, section 8.5.
 */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  const m = matrix.slice();
  const get = (row: number, column: number): number => m[row * n + column] as number;
  const scale = m.reduce((total, value) => total + value * value, 0);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += get(p, q) ** 2;
    if (off <= 1e-28 * scale) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(m, n, p, q);
  }
  return Float64Array.from({ length: n }, (_, i) => get(i, i));
}

/** Makes the entry (p, q) zero. */
function rotate(m: Float64Array, n: number, p: number, q: number): void {
  const get = (row: number, column: number): number => m[row * n + column] as number;
  const apq = get(p, q);
  if (apq === 0) return;
  const tau = (get(q, q) - get(p, p)) / (2 * apq);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  for (let i = 0; i < n; i++) {
    const [ip, iq] = [get(i, p), get(i, q)];
    m[i * n + p] = c * ip - s * iq;
    m[i * n + q] = s * ip + c * iq;
  }
  for (let i = 0; i < n; i++) {
    const [pi, qi] = [get(p, i), get(q, i)];
    m[p * n + i] = c * pi - s * qi;
    m[q * n + i] = s * pi + c * qi;
  }
}

// Soft neighbourhood density: whether pixels have many others with the same probabilities around them.
import type { SampledProbabilities } from "./sampled-probabilities.ts";

/** Source: Saito et al., "Tune it the Right Way", ICCV 2021, section 3.2. */
const TEMPERATURE = 0.05;

/**
 * Each pixel's similarities to all others (cosines of the probabilities) go through a softmax with a temperature; the
 * entropy of that distribution, divided by the logarithm of the number of others, is averaged: 0..1, more is better.
 * The time is quadratic in the pixels: give some hundreds.
 *
 * @returns 1 for fewer than three pixels, where there is nothing to tell apart
 * Source: Saito et al., "Tune it the Right Way: Unsupervised Validation of Domain Adaptation via Soft Neighborhood
 * Density", ICCV 2021, eq. 1 to 3; divided here by its greatest possible value.
 */
export function softNeighborhoodDensity({ numClasses, count, rows }: SampledProbabilities): number {
  if (count < 3) return 1;
  const units = unitRows(rows, numClasses);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    // −Σ d·log d of d = e / Σ e is log Σ e − Σ e·s / Σ e, with e = exp(s) and s the similarities over the temperature.
    let total = 0;
    let moment = 0;
    for (let j = 0; j < count; j++) {
      if (j === i) continue;
      let cosine = 0;
      for (let k = 0; k < numClasses; k++) {
        cosine += (units[i * numClasses + k] as number) * (units[j * numClasses + k] as number);
      }
      const scaled = (cosine - 1) / TEMPERATURE;
      const weight = Math.exp(scaled);
      total += weight;
      moment += weight * scaled;
    }
    sum += Math.log(total) - moment / total;
  }
  return sum / count / Math.log(count - 1);
}

function unitRows(rows: Float64Array, numClasses: number): Float64Array {
  const units = rows.slice();
  for (let start = 0; start < rows.length; start += numClasses) {
    const row = units.subarray(start, start + numClasses);
    const length = Math.hypot(...row);
    for (let k = 0; k < numClasses; k++) row[k] = (row[k] as number) / length;
  }
  return units;
}

// How unsure a prediction is on the whole: mean entropy and mean largest probability over its pixels.
const BLOCK = 4096;

export interface MeanUncertainty {
  /** Mean of the entropy divided by log(classes), 0..1. */
  readonly entropy: number;
  /** Mean of the largest probability, 0..1. */
  readonly confidence: number;
}

/** @param scores  float32 [K, H, W] */
export function meanUncertainty(
  scores: Float32Array,
  numClasses: number,
  kind: "logits" | "probabilities",
): MeanUncertainty {
  const pixels = scores.length / numClasses;
  const one = new Float64Array(numClasses);
  let entropies = 0;
  let confidences = 0;
  for (let start = 0; start < pixels; start += BLOCK) {
    for (let pixel = start; pixel < Math.min(start + BLOCK, pixels); pixel++) {
      for (let c = 0; c < numClasses; c++) one[c] = scores[c * pixels + pixel] as number;
      const { entropy, largest } = kind === "logits" ? ofLogits(one) : ofProbabilities(one);
      entropies += entropy;
      confidences += largest;
    }
  }
  // Rounding may carry a mean of certain pixels a hair beyond its range.
  const limited = (sum: number): number => Math.min(1, Math.max(0, sum / pixels));
  return { entropy: limited(entropies / Math.log(numClasses)), confidence: limited(confidences) };
}

/** With z = Σ exp(l − max): entropy = log z − Σ (l − max)·exp(l − max)/z, and the largest probability is 1/z. */
function ofLogits(logits: Float64Array): { entropy: number; largest: number } {
  const max = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let z = 0;
  let weighted = 0;
  for (const logit of logits) {
    const shifted = logit - max;
    const e = Math.exp(shifted);
    z += e;
    weighted += shifted * e;
  }
  return { entropy: Math.log(z) - weighted / z, largest: 1 / z };
}

function ofProbabilities(probabilities: Float64Array): { entropy: number; largest: number } {
  let entropy = 0;
  let largest = 0;
  for (const p of probabilities) {
    if (p > 0) entropy -= p * Math.log(p);
    largest = Math.max(largest, p);
  }
  return { entropy, largest };
}

// Information maximisation: sure at every pixel, and many classes over the image.
import type { SampledProbabilities } from "./sampled-probabilities.ts";

export interface EntropyFigures {
  /** Mean over the pixels of the entropy of their probabilities, divided by log(classes): 0..1. */
  readonly mean: number;
  /** Entropy of the mean probabilities, divided by log(classes): 0..1. It falls when classes vanish. */
  readonly marginal: number;
}

/**
 * Mean minus marginal entropy is the negated mutual information of pixel and class: less is better.
 * Source: Krause, Perona, Gomes, "Discriminative Clustering by Regularized Information Maximization", NIPS 2010, eq. 2.
 */
export function entropyFigures({ numClasses, count, rows }: SampledProbabilities): EntropyFigures {
  const marginal = new Float64Array(numClasses);
  let sum = 0;
  for (let at = 0; at < rows.length; at++) {
    const probability = rows[at] as number;
    const k = at % numClasses;
    marginal[k] = (marginal[k] as number) + probability / count;
    sum += entropyPart(probability);
  }
  const logClasses = Math.log(numClasses);
  const ofMarginal = marginal.reduce((total, probability) => total + entropyPart(probability), 0);
  return { mean: sum / count / logClasses, marginal: ofMarginal / logClasses };
}

function entropyPart(probability: number): number {
  return probability > 0 ? -probability * Math.log(probability) : 0;
}

// What the window shows of one prediction: classes, how sure the network is, and what else it thought of.
import { BugError } from "../../../src-shared/contract/errors.ts";
import { expOfNegative, NEGLIGIBLE } from "../exp-of-negative.ts";
import { agreementOfWindows, type Overlap, type ScoreBand, type ScoreBands, type ScoreSize } from "./score-bands.ts";

/** One byte a value, [H, W], unless it says otherwise; see `PLANES` in the contract for what each holds. */
export interface PredictionPlanes {
  readonly labels: Uint8Array;
  readonly confidence: Uint8Array;
  readonly entropy: Uint8Array;
  /** [H, W, 4] */
  readonly candidates: Uint8Array;
  /** Of the label's class, 0..1, [H, W]: what `confidence` holds rounded. */
  readonly probabilities: Float32Array;
  /** Means over the pixels, 0..1, of the values before they are rounded. */
  readonly meanConfidence: number;
  readonly meanEntropy: number;
  /** Share of the pixels that several windows have predicted on which they agree; null where no window slid. */
  readonly overlapAgreement: number | null;
}

/** Pixels handled at a time: few enough that their scores stay in the fastest cache. */
const BLOCK = 256;

/**
 * All planes in one pass over the scores. Labels are those of `argmaxLabels`: of equal scores the first class.
 *
 * @param scores  float32 [1, K, H, W], 2 <= K <= 255, of a network whose logits are finite (see `requireFinite`);
 *                probabilities need not sum to exactly 1
 */
export function predictionPlanes(
  scores: Float32Array,
  kind: "logits" | "probabilities",
  numClasses: number,
  height: number,
  width: number,
): PredictionPlanes {
  const planes = new PlanesFromBands(kind, { numClasses, height, width });
  planes.add({ top: 0, height, scores });
  return planes.finished();
}

/** The same of scores that come in bands, none of which is kept. */
export async function planesOfBands(
  bands: ScoreBands,
  kind: "logits" | "probabilities",
  size: ScoreSize,
): Promise<PredictionPlanes> {
  const planes = new PlanesFromBands(kind, size);
  for await (const band of bands) planes.add(band);
  return planes.finished();
}

class PlanesFromBands {
  readonly #isLogits: boolean;
  readonly #size: ScoreSize;
  readonly #block: Float32Array;
  readonly #labels: Uint8Array;
  readonly #confidence: Uint8Array;
  readonly #entropy: Uint8Array;
  readonly #candidates: Uint8Array;
  readonly #probabilities: Float32Array;
  readonly #overlaps: (Overlap | undefined)[] = [];
  #confidences = 0;
  #entropies = 0;
  #rows = 0;

  constructor(kind: "logits" | "probabilities", size: ScoreSize) {
    const pixels = size.height * size.width;
    this.#isLogits = kind === "logits";
    this.#size = size;
    this.#block = new Float32Array(BLOCK * size.numClasses);
    this.#labels = new Uint8Array(pixels);
    this.#confidence = new Uint8Array(pixels);
    this.#entropy = new Uint8Array(pixels);
    this.#candidates = new Uint8Array(4 * pixels);
    this.#probabilities = new Float32Array(pixels);
  }

  /** The rows behind those of the band before. */
  add({ top, height, scores, overlap }: ScoreBand): void {
    const { numClasses, width } = this.#size;
    if (numClasses < 2 || numClasses > 255 || scores.length !== numClasses * height * width || top !== this.#rows) {
      throw new BugError(
        `planes of [1, ${numClasses}, ${height}, ${width}] from row ${this.#rows} got ${scores.length} scores from row ${top}`,
      );
    }
    this.#rows += height;
    this.#overlaps.push(overlap);
    this.#decide(scores, top * width, height * width);
  }

  /** @throws BugError when a row is missing, or a score was no number */
  finished(): PredictionPlanes {
    const { height, width } = this.#size;
    if (this.#rows !== height) throw new BugError(`planes of ${height} rows got ${this.#rows}`);
    if (Number.isNaN(this.#confidences + this.#entropies)) {
      throw new BugError("predictionPlanes got a score that is not a number");
    }
    return {
      labels: this.#labels,
      confidence: this.#confidence,
      entropy: this.#entropy,
      candidates: this.#candidates,
      probabilities: this.#probabilities,
      meanConfidence: Math.min(1, this.#confidences / (height * width)),
      meanEntropy: this.#entropies / (height * width),
      overlapAgreement: agreementOfWindows(this.#overlaps),
    };
  }

  /** @param offset  of the first pixel in the planes */
  #decide(scores: Float32Array, offset: number, pixels: number): void {
    const { numClasses } = this.#size;
    // Locals: this runs for every pixel and class.
    const isLogits = this.#isLogits;
    const block = this.#block;
    const labels = this.#labels.subarray(offset, offset + pixels);
    const confidence = this.#confidence.subarray(offset, offset + pixels);
    const entropy = this.#entropy.subarray(offset, offset + pixels);
    const candidates = this.#candidates.subarray(4 * offset, 4 * (offset + pixels));
    const probabilities = this.#probabilities.subarray(offset, offset + pixels);
    const logClasses = Math.log(numClasses);
    let confidences = this.#confidences;
    let entropies = this.#entropies;
    for (let pixel = 0; pixel < pixels; pixel++) {
      const first = (pixel % BLOCK) * numClasses;
      if (first === 0) gather(scores, block, numClasses, pixel);
      const last = first + numClasses;
      let best = block[first] as number;
      let second = Number.NEGATIVE_INFINITY;
      let third = Number.NEGATIVE_INFINITY;
      let bestClass = 0;
      let secondClass = NONE;
      let thirdClass = NONE;
      for (let k = 1; k < numClasses; k++) {
        const score = block[first + k] as number;
        if (score <= third) continue;
        if (score <= second) {
          third = score;
          thirdClass = k;
          continue;
        }
        third = second;
        thirdClass = secondClass;
        if (score > best) {
          second = best;
          secondClass = bestClass;
          best = score;
          bestClass = k;
        } else {
          second = score;
          secondClass = k;
        }
      }
      // Σ p and Σ p·log p, both up to the factor that makes the probabilities sum to 1.
      let sum = 0;
      let moment = 0;
      for (let at = first; at < last; at++) {
        const score = block[at] as number;
        if (isLogits) {
          const d = score - best;
          if (d < NEGLIGIBLE) continue;
          const e = expOfNegative(d);
          sum += e;
          moment += d * e;
        } else {
          sum += score;
          if (score > 0) moment += score * Math.log(score);
        }
      }
      const factor = 1 / sum;
      const largest = isLogits ? factor : best * factor;
      // −Σ p·log p of the p that sum to 1; rounding may carry it out of its bounds.
      const share = (Math.log(sum) - moment * factor) / logClasses;
      const clamped = share < 0 ? 0 : share > 1 ? 1 : share;
      confidences += largest;
      entropies += clamped;
      labels[pixel] = bestClass;
      probabilities[pixel] = largest;
      confidence[pixel] = (255 * largest + 0.5) | 0;
      entropy[pixel] = (255 * clamped + 0.5) | 0;
      candidates[4 * pixel] = secondClass;
      candidates[4 * pixel + 1] = (255 * factor * (isLogits ? expOfNegative(second - best) : second) + 0.5) | 0;
      candidates[4 * pixel + 2] = thirdClass;
      candidates[4 * pixel + 3] = (255 * factor * (isLogits ? expOfNegative(third - best) : third) + 0.5) | 0;
    }
    this.#confidences = confidences;
    this.#entropies = entropies;
  }
}

/** Scores of a block of pixels, [BLOCK, K]: read side by side, classes of a large image would crowd each other out of the cache. */
function gather(scores: Float32Array, block: Float32Array, numClasses: number, start: number): void {
  const pixels = scores.length / numClasses;
  const length = Math.min(BLOCK, pixels - start);
  for (let k = 0; k < numClasses; k++) {
    const from = k * pixels + start;
    for (let i = 0, to = k; i < length; i++, to += numClasses) block[to] = scores[from + i] as number;
  }
}

/** In place of a third class where there are two. */
const NONE = 255;

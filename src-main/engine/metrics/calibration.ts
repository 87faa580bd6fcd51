// Whether the network is right as often as it says: expected calibration error (ECE), per labelled class.
import { BugError } from "../../../src-shared/contract/errors.ts";
import { expOfNegative } from "../exp-of-negative.ts";

const NUM_BINS = 10;

/** linspace(0, 1, 11) in float32, because the original compares float32 confidences with float32 edges. */
const BIN_EDGES = Float32Array.from({ length: NUM_BINS + 1 }, (_, b) => b / NUM_BINS);

/** Pixels handled at a time, so that the running sums stay in the fastest cache. */
const BLOCK = 4096;

/** Sums over the images seen so far; every list has a row per class. */
export interface Calibration {
  readonly numClasses: number;
  /** [K] labelled pixels. */
  readonly pixels: Float64Array;
  /** [K] each image's ECE of the class times its pixels of the class. */
  readonly weightedErrors: Float64Array;
  /** [K, 10] each image's share of right pixels in the bin, times its pixels of the class (NOT of the bin). */
  readonly correctSums: Float64Array;
  /** [K, 10] the same for the mean confidence in the bin. */
  readonly confidenceSums: Float64Array;
}

export interface CalibrationScores {
  /** The mean over all K classes; a class without labels counts as 0. */
  readonly ece: number;
  /** [K] */
  readonly ecePerClass: Float64Array;
  /** The reliability diagram: 10 bins with centres 0.05, 0.15, …, averaged over the K classes. */
  readonly reliability: {
    readonly accuracy: Float64Array;
    readonly confidence: Float64Array;
  };
}

/** Pixel counts and sums of one image, [K, 10] each. */
interface Bins {
  readonly counts: Float64Array;
  readonly confidences: Float64Array;
  readonly corrects: Float64Array;
}

export function emptyCalibration(numClasses: number): Calibration {
  return {
    numClasses,
    pixels: new Float64Array(numClasses),
    weightedErrors: new Float64Array(numClasses),
    correctSums: new Float64Array(numClasses * NUM_BINS),
    confidenceSums: new Float64Array(numClasses * NUM_BINS),
  };
}

/**
 * Adds one image, in place. The confidence of a pixel is the largest softmax probability, and it is right when that
 * class is the label; both are sorted into the bins of the LABELLED class. Bins are per image, not pooled: ten images
 * of one pixel each have a larger error than one image of ten.
 *
 * With test-time augmentation the original passes averaged probabilities here, which so go through softmax a second
 * time; to compare with its numbers, do the same (gotcha 22).
 *
 * @param logits float32 [K, H, W] at the label's size
 * @param labels uint8 [H, W], train ids; those not below K are left out
 * Source: self-adaptation specification, 6.2.
 */
export function addToCalibration(calibration: Calibration, logits: Float32Array, labels: Uint8Array): void {
  const { numClasses } = calibration;
  if (logits.length !== numClasses * labels.length) {
    throw new BugError(`calibration of ${numClasses} classes: ${logits.length} logits for ${labels.length} labels`);
  }
  const { probabilities, classes } = largestProbabilities(logits, numClasses);
  addConfidences(calibration, probabilities, classes, labels);
}

/**
 * The same for whoever has the probabilities already.
 *
 * @param confidences float32 [H, W], the largest softmax probability; one that is not a number belongs to no bin
 * @param predicted uint8 [H, W], its class
 */
export function addConfidences(
  calibration: Calibration,
  confidences: Float32Array,
  predicted: Uint8Array,
  labels: Uint8Array,
): void {
  const { numClasses } = calibration;
  const pixels = new Float64Array(numClasses);
  const closedAbove = emptyBins(numClasses); // (low, high], for the error
  const closedBelow = emptyBins(numClasses); // [low, high), for the diagram
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (label >= numClasses) continue;
    pixels[label] = (pixels[label] as number) + 1;
    const confidence = confidences[i] as number;
    if (Number.isNaN(confidence)) continue;
    const isCorrect = predicted[i] === label;
    const bin = binClosedAbove(confidence);
    count(closedAbove, label * NUM_BINS + bin, confidence, isCorrect);
    const other = confidence === BIN_EDGES[bin + 1] ? bin + 1 : bin;
    // A confidence of exactly 1 is above the last bin and falls out, as in the original.
    if (other < NUM_BINS) count(closedBelow, label * NUM_BINS + other, confidence, isCorrect);
  }
  for (let c = 0; c < numClasses; c++) {
    const n = pixels[c] as number;
    if (n === 0) continue;
    add(calibration.pixels, c, n);
    for (let i = c * NUM_BINS; i < (c + 1) * NUM_BINS; i++) {
      // n · |mean confidence − mean correct| · (bin's count / n)
      add(
        calibration.weightedErrors,
        c,
        Math.abs((closedAbove.confidences[i] as number) - (closedAbove.corrects[i] as number)),
      );
      const binCount = closedBelow.counts[i] as number;
      if (binCount === 0) continue;
      add(calibration.correctSums, i, (n * (closedBelow.corrects[i] as number)) / binCount);
      add(calibration.confidenceSums, i, (n * (closedBelow.confidences[i] as number)) / binCount);
    }
  }
}

/** Source: self-adaptation specification, 6.2. */
export function calibrationScores(calibration: Calibration): CalibrationScores {
  const { numClasses, pixels, weightedErrors, correctSums, confidenceSums } = calibration;
  const perPixel = (sum: number, c: number): number => sum / ((pixels[c] as number) + 1e-9);
  const ecePerClass = weightedErrors.map(perPixel);
  const meanOverClasses = (sums: Float64Array): Float64Array => {
    const means = new Float64Array(NUM_BINS);
    for (const [i, sum] of sums.entries()) {
      add(means, i % NUM_BINS, perPixel(sum, Math.floor(i / NUM_BINS)) / numClasses);
    }
    return means;
  };
  return {
    ece: ecePerClass.reduce((sum, ece) => sum + ece, 0) / numClasses,
    ecePerClass,
    reliability: { accuracy: meanOverClasses(correctSums), confidence: meanOverClasses(confidenceSums) },
  };
}

function emptyBins(numClasses: number): Bins {
  const length = numClasses * NUM_BINS;
  return {
    counts: new Float64Array(length),
    confidences: new Float64Array(length),
    corrects: new Float64Array(length),
  };
}

function count(bins: Bins, at: number, confidence: number, isCorrect: boolean): void {
  add(bins.counts, at, 1);
  add(bins.confidences, at, confidence);
  if (isCorrect) add(bins.corrects, at, 1);
}

function add(sums: Float64Array, at: number, value: number): void {
  sums[at] = (sums[at] as number) + value;
}

/** The bin (low, high] a confidence in (0, 1] belongs to. */
function binClosedAbove(confidence: number): number {
  // The multiplication may be off by one next to an edge; the comparisons decide.
  let bin = Math.min(Math.floor(confidence * NUM_BINS), NUM_BINS - 1);
  if (bin > 0 && confidence <= (BIN_EDGES[bin] as number)) bin--;
  if (confidence > (BIN_EDGES[bin + 1] as number)) bin++;
  return bin;
}

/** The largest softmax probability of each pixel and its class, [H, W] each. */
function largestProbabilities(logits: Float32Array, numClasses: number) {
  const pixels = logits.length / numClasses;
  const probabilities = new Float32Array(pixels);
  const classes = new Uint8Array(pixels);
  const best = new Float32Array(BLOCK);
  const sums = new Float64Array(BLOCK);
  for (let start = 0; start < pixels; start += BLOCK) {
    const length = Math.min(BLOCK, pixels - start);
    best.set(logits.subarray(start, start + length));
    for (let k = 1; k < numClasses; k++) {
      const from = k * pixels + start;
      for (let i = 0; i < length; i++) {
        const logit = logits[from + i] as number;
        if (logit > (best[i] as number)) {
          best[i] = logit;
          classes[start + i] = k;
        }
      }
    }
    sums.fill(0);
    for (let k = 0; k < numClasses; k++) {
      const from = k * pixels + start;
      for (let i = 0; i < length; i++) {
        sums[i] = (sums[i] as number) + expOfNegative((logits[from + i] as number) - (best[i] as number));
      }
    }
    // The largest probability is exp(0) / sum.
    for (let i = 0; i < length; i++) probabilities[start + i] = 1 / (sums[i] as number);
  }
  return { probabilities, classes };
}

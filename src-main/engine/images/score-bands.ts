// Scores of an image from top to bottom, a few rows at a time: what is large is never there as a whole.
import { BugError } from "../../../src-shared/contract/errors.ts";

/** Pixels that several windows have predicted, and those of them to which all gave the same class. */
export interface Overlap {
  readonly pixels: number;
  readonly agreeing: number;
}

/** Some whole rows. */
export interface ScoreBand {
  readonly top: number;
  readonly height: number;
  /** float32 [1, K, height, W] */
  readonly scores: Float32Array;
  /** Where a window slid over the rows. */
  readonly overlap?: Overlap;
}

/** Every row once, from the first to the last. Can be gone through once. */
export type ScoreBands = AsyncIterable<ScoreBand> | Iterable<ScoreBand>;

export interface ScoreSize {
  readonly numClasses: number;
  readonly height: number;
  readonly width: number;
}

/** @param scores  float32 [1, K, height, W] */
export function wholeBand(scores: Float32Array, height: number): ScoreBands {
  return [{ top: 0, height, scores }];
}

/** float32 [1, K, H, W]: all rows together, in the band's own array where there is only one. */
export async function joinBands(bands: ScoreBands, { numClasses, height, width }: ScoreSize): Promise<Float32Array> {
  let joined: Float32Array | null = null;
  for await (const band of bands) {
    if (band.height === height) return band.scores;
    joined ??= new Float32Array(numClasses * height * width);
    const length = band.height * width;
    for (let k = 0; k < numClasses; k++) {
      joined.set(band.scores.subarray(k * length, (k + 1) * length), (k * height + band.top) * width);
    }
  }
  if (joined === null) throw new BugError("scores without a band");
  return joined;
}

/** Share of the overlapping pixels on which all windows agree, 0..1; null where none overlap. */
export function agreementOfWindows(overlaps: readonly (Overlap | undefined)[]): number | null {
  const pixels = overlaps.reduce((sum, overlap) => sum + (overlap?.pixels ?? 0), 0);
  const agreeing = overlaps.reduce((sum, overlap) => sum + (overlap?.agreeing ?? 0), 0);
  return pixels === 0 ? null : agreeing / pixels;
}

// Many images on two sides: gains, their order, their summary, their histogram.
import type { Comparison } from "../../../src-shared/contract/workbench/runs.ts";

export type ComparedImage = Comparison["images"][number];

/** Mean IoU of b less that of a; null where one has none. */
export function gainOfImage({ a, b }: Pick<ComparedImage, "a" | "b">): number | null {
  return a?.miou == null || b?.miou == null ? null : b.miou - a.miou;
}

export const GAIN_ORDERS = ["gain", "loss", "change", "name"] as const;
export type GainOrder = (typeof GAIN_ORDERS)[number];

const COMPARATORS: Readonly<Record<Exclude<GainOrder, "name">, (gain: number) => number>> = {
  gain: (gain) => -gain,
  loss: (gain) => gain,
  change: (gain) => -Math.abs(gain),
};

/** Images without labels come last; equals by name. */
export function orderedImages(images: readonly ComparedImage[], order: GainOrder): readonly ComparedImage[] {
  const byName = (one: ComparedImage, other: ComparedImage) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0);
  if (order === "name") return images.toSorted(byName);
  const rank = COMPARATORS[order];
  return images
    .map((image) => ({ image, gain: gainOfImage(image) }))
    .sort((one, other) => {
      if (one.gain === null || other.gain === null) {
        return Number(one.gain === null) - Number(other.gain === null) || byName(one.image, other.image);
      }
      return rank(one.gain) - rank(other.gain) || byName(one.image, other.image);
    })
    .map(({ image }) => image);
}

export interface GainSummary {
  readonly images: number;
  /** Images with a mean IoU on both sides: what the numbers below are of. */
  readonly scored: number;
  readonly better: number;
  readonly worse: number;
  readonly equal: number;
  readonly meanA: number | null;
  readonly meanB: number | null;
  readonly meanGain: number | null;
  readonly medianGain: number | null;
}

/** Means over the images' own values, each image counting the same: nothing is pooled over pixels. */
export function gainSummary(images: readonly ComparedImage[]): GainSummary {
  const scored = images.filter((image) => gainOfImage(image) !== null);
  const gains = scored.map((image) => gainOfImage(image) ?? 0).sort((a, b) => a - b);
  return {
    images: images.length,
    scored: scored.length,
    better: gains.filter((gain) => gain > 0).length,
    worse: gains.filter((gain) => gain < 0).length,
    equal: gains.filter((gain) => gain === 0).length,
    meanA: meanOf(scored.map(({ a }) => a?.miou ?? 0)),
    meanB: meanOf(scored.map(({ b }) => b?.miou ?? 0)),
    meanGain: meanOf(gains),
    medianGain: medianOf(gains),
  };
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function medianOf(sorted: readonly number[]): number | null {
  if (sorted.length === 0) return null;
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

export interface GainBin {
  /** Gains from here on … */
  readonly from: number;
  /** … to below here; the last bin takes its end in. */
  readonly to: number;
  readonly count: number;
}

/** Widths a person can read, in shares: from a tenth of a point to twenty points. */
const BIN_WIDTHS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2];
const MAX_BINS = 24;

/** Bins of equal, round width with an edge at 0, so that no bin mixes better with worse. */
export function gainHistogram(gains: readonly number[]): readonly GainBin[] {
  if (gains.length === 0) return [];
  const reach = gains.reduce((most, gain) => Math.max(most, Math.abs(gain)), 0);
  const width = BIN_WIDTHS.find((candidate) => Math.ceil(reach / candidate) * 2 <= MAX_BINS) ?? 0.2;
  const half = Math.max(1, Math.ceil(reach / width - 1e-9));
  const counts = new Array<number>(2 * half).fill(0);
  for (const gain of gains) {
    // Rounded before it is cut: 0.3 / 0.1 is a little less than 3.
    const place = Math.min(2 * half - 1, Math.max(0, Math.floor(Math.round((gain / width) * 1e9) / 1e9) + half));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts.map((count, index) => ({
    from: rounded((index - half) * width),
    to: rounded((index - half + 1) * width),
    count,
  }));
}

/** Edges to write below the bins: 0, and about three to either side, evenly. */
export function histogramTicks(bins: readonly GainBin[]): readonly number[] {
  const half = bins.length / 2;
  const step = Math.max(1, Math.ceil(half / 3));
  const edges = [...bins.map(({ from }) => from), bins.at(-1)?.to ?? 0];
  return edges.filter((_, index) => (index - half) % step === 0);
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}

/** The image so many places further in an order; null beyond an end, or where the image is not in it. */
export function neighbourOf(
  images: readonly ComparedImage[],
  imageId: ComparedImage["imageId"] | null,
  step: number,
): ComparedImage | null {
  const place = images.findIndex((image) => image.imageId === imageId);
  return place < 0 ? null : (images[place + step] ?? null);
}

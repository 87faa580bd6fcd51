// Estimates against what runs took: on two cores that did nothing else, recorded.
import { describe, expect, it } from "vitest";
import { calculatedCost, type EarlierRun, measuredCost } from "../../../../src-main/server/services/run-cost-model.ts";
import type { RunWork } from "../../../../src-shared/contract/engine-protocol.ts";
import { type RunCost, runConfigFormSchema } from "../../../../src-shared/contract/workbench/runs.ts";

const MB = 1e6;
const SPEED = { gigaflopsPerSecond: 200 };

interface Recorded {
  readonly config: object;
  /** GFLOP, MB moved and MB held. */
  readonly prediction: readonly [number, number, number];
  readonly iteration: readonly [number, number, number];
  readonly views: readonly number[];
  readonly weights: number;
  readonly scores: number;
}

const plan = ({ config, prediction, iteration, views, weights, scores }: Recorded) => {
  const part = ([gflop, moved, held]: readonly [number, number, number]) => ({
    gflop,
    movedBytes: moved * MB,
    heldBytes: held * MB,
  });
  // Of a view's traffic as much as of its arithmetic.
  const view = (gflop: number, k: number) => ({
    ...part([gflop, (prediction[1] * gflop) / prediction[0], 0]),
    scale: 0.25 * (k + 1),
  });
  const work: RunWork = {
    prediction: part(prediction),
    iteration: part(iteration),
    views: views.map(view),
    weightBytes: weights * MB,
    scoreBytes: scores * MB,
    heldScoreBytes: scores * MB,
  };
  return { config: runConfigFormSchema.parse(config), work };
};

const NONE = [0, 0, 0] as const;
const SAMPLE_512 = { prediction: [4.73, 283, 9] as const, weights: 6, scores: 10, views: [0.43, 1.14, 3.46] };
const SAMPLE_1024 = { prediction: [27.7, 962, 38] as const, weights: 6, scores: 40, views: [1.14, 4.73, 15.6] };
const SAMPLE_2048 = { prediction: [110.8, 3849, 151] as const, weights: 6, scores: 159, views: [4.73, 27.7, 62.3] };
const R50_512 = { prediction: [72.2, 3488, 67] as const, weights: 103, scores: 10, views: [5.48, 18.1, 41.3] };
const R50_1024 = { prediction: [303.4, 13942, 268] as const, weights: 103, scores: 40, views: [18.1, 72.2, 166.3] };

/** What runs held at most, in MB, each in a process of its own. */
const PEAKS: readonly [string, Recorded, number][] = [
  ["sample 512x256", { ...SAMPLE_512, config: {}, iteration: [11.2, 642, 52] }, 322],
  ["sample 1024x512", { ...SAMPLE_1024, config: {}, iteration: [74.6, 2118, 228] }, 628],
  ["sample 2048x1024", { ...SAMPLE_2048, config: {}, iteration: [309.3, 8417, 910] }, 1756],
  ["sample 512x256 predict", { ...SAMPLE_512, config: { method: "predict" }, iteration: NONE }, 237],
  ["sample 1024x512 tta", { ...SAMPLE_1024, config: { method: "tta" }, iteration: NONE }, 605],
  ["ResNet-50 512x256", { ...R50_512, config: {}, iteration: [183.7, 6495, 342] }, 1019],
  ["ResNet-50 1024x512", { ...R50_1024, config: {}, iteration: [771.7, 25165, 1349] }, 2453],
  ["ResNet-50 512x256 predict", { ...R50_512, config: { method: "predict" }, iteration: NONE }, 532],
  ["ResNet-50 all trained", { ...R50_512, config: { resnetLayers: [] }, iteration: [212.7, 8963, 478] }, 1149],
  ["ResNet-50 momentum", { ...R50_512, config: { momentum: 0.9 }, iteration: [183.7, 7114, 342] }, 1169],
];

/** Seconds of an adaptation that is laid out, from docs/performance.md; only the last prediction is kept there. */
const SECONDS: readonly [string, Recorded, number][] = [
  ["ResNet-50 512x256", { ...R50_512, config: { keepEvery: 99 }, iteration: [183.7, 6495, 342] }, 14.5],
  ["ResNet-50 1024x512", { ...R50_1024, config: { keepEvery: 99 }, iteration: [771.7, 25165, 1349] }, 58.9],
];

describe("a calculated estimate", () => {
  it.each(PEAKS)("is within a quarter of the peak memory that was measured: %s", (_, recorded, measuredMb) => {
    const { peakBytes } = calculatedCost(plan(recorded), false, SPEED);
    expect(peakBytes / (measuredMb * MB)).toBeGreaterThan(0.75);
    expect(peakBytes / (measuredMb * MB)).toBeLessThan(1.25);
  });

  it.each(SECONDS)("is within a quarter of the time that was measured: %s", (_, recorded, measuredSeconds) => {
    const { milliseconds } = calculatedCost(plan(recorded), false, SPEED);
    expect(milliseconds / (1000 * measuredSeconds)).toBeGreaterThan(0.75);
    expect(milliseconds / (1000 * measuredSeconds)).toBeLessThan(1.25);
  });
});

/** As steady as no real run is. */
const COST: RunCost = {
  loadMs: 0,
  firstMs: 500,
  views: [0.25, 0.25, 0.5, 0.5, 0.75, 0.75].map((scale) => ({ scale, elapsedMs: 400 * scale })),
  iterationsMs: Array.from({ length: 10 }, () => 1200),
  keptMs: Array.from({ length: 10 }, () => 500),
  totalMs: 500 + 1200 + 12_000 + 5000 + 300,
  peakBytes: 1000 * MB,
  startBytes: 135 * MB,
};
const RECORDED: Recorded = { ...R50_512, config: {}, iteration: [183.7, 6495, 342] };
const EARLIER: EarlierRun = { ...plan(RECORDED), cost: COST };

describe("an estimate from earlier runs", () => {
  it("of the same run is what it took", () => {
    const estimate = measuredCost(plan(RECORDED), true, [EARLIER]);
    expect(estimate?.basis).toBe("measured");
    expect(estimate?.milliseconds).toBeCloseTo(COST.totalMs, 6);
    expect(estimate?.peakBytes).toBeCloseTo(COST.peakBytes, 0);
  });

  it("counts iterations, views and kept predictions one by one", () => {
    const of = (config: object) => measuredCost(plan({ ...RECORDED, config }), true, [EARLIER])?.milliseconds ?? 0;
    expect(of({ numEpochs: 20 }) - of({ numEpochs: 10 })).toBeCloseTo(10 * (1200 + 500), 6);
    expect(of({ numEpochs: 10 }) - of({ numEpochs: 10, keepEvery: 5 })).toBeCloseTo(8 * 500, 6);
  });

  it("adds what is laid out once, where it is not there yet", () => {
    const cold: EarlierRun = {
      ...EARLIER,
      cost: { ...COST, loadMs: 200, firstMs: 900, iterationsMs: [2000, ...COST.iterationsMs.slice(1)] },
    };
    const warm = measuredCost(plan(RECORDED), true, [EARLIER, cold])?.milliseconds ?? 0;
    const coldly = measuredCost(plan(RECORDED), false, [EARLIER, cold])?.milliseconds ?? 0;
    expect(coldly - warm).toBeCloseTo(200 + 400 + 800, 6);
  });

  it("takes a larger image's arithmetic into account", () => {
    const large = measuredCost(plan({ ...RECORDED, ...R50_1024, iteration: [771.7, 25165, 1349] }), true, [EARLIER]);
    expect((large?.milliseconds ?? 0) / COST.totalMs).toBeGreaterThan(3.5);
    expect((large?.milliseconds ?? 0) / COST.totalMs).toBeLessThan(4.7);
    expect((large?.peakBytes ?? 0) / (2453 * MB)).toBeGreaterThan(0.75);
    expect((large?.peakBytes ?? 0) / (2453 * MB)).toBeLessThan(1.25);
  });

  it("does not take the memory of a run that stayed below what was held before", () => {
    const below: EarlierRun = { ...EARLIER, cost: { ...COST, peakBytes: 4000 * MB, startBytes: 3999 * MB } };
    expect(measuredCost(plan(RECORDED), true, [below, EARLIER])?.peakBytes).toBeCloseTo(COST.peakBytes, 0);
  });

  it("is none without one", () => {
    expect(measuredCost(plan(RECORDED), true, [])).toBeNull();
  });
});

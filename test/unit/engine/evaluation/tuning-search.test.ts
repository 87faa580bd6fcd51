// The search of auto-tuning: what it tries, in which order, what it never chooses; without running a network.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type KnownSettings,
  nextSetting,
  plannedSettings,
} from "../../../../src-main/engine/evaluation/tuning/next-setting.ts";
import { goodness, rankSettings, settingKey } from "../../../../src-main/engine/evaluation/tuning/rank-settings.ts";
import {
  type Trial,
  type TrialIteration,
  type TunedParameters,
  type TuningPlan,
  tunedParametersSchema,
  tuningPlanSchema,
} from "../../../../src-shared/contract/tuning.ts";

const START = tunedParametersSchema.parse({ baseLr: 0.05, numEpochs: 4 });

function planOf(change: Partial<TuningPlan> = {}): TuningPlan {
  return tuningPlanSchema.parse({
    start: START,
    grid: { alpha: [null, 0.3], baseLr: [0.01, 0.05], threshold: [0.5, 0.7], numEpochs: [2, 4] },
    criterion: "informationMaximization",
    ...change,
  });
}

/** Tries until the search ends. @returns the settings in order */
function searched(plan: TuningPlan, worth: (setting: TunedParameters) => number): TunedParameters[] {
  const known = new Map<string, number>();
  const tried: TunedParameters[] = [];
  for (let next = nextSetting(plan, known); next !== null; next = nextSetting(plan, known)) {
    tried.push(next);
    known.set(settingKey(next), worth(next));
  }
  return tried;
}

describe("the successive search", () => {
  it("tries the start first, then one parameter after the other with the best so far", () => {
    const worth = ({ alpha, baseLr }: TunedParameters): number => Number(alpha === 0.3) + Number(baseLr === 0.01);
    const tried = searched(planOf(), worth).map(({ alpha, baseLr, threshold }) => [alpha, baseLr, threshold]);
    expect(tried.slice(0, 4)).toEqual([
      [null, 0.05, 0.7],
      [0.3, 0.05, 0.7],
      [0.3, 0.01, 0.7],
      [0.3, 0.01, 0.5],
    ]);
  });

  it("tries no setting twice, stays within its limit, and goes on where it was stopped", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer(), fc.nat({ max: 11 }), (maxSettings, seed, stop) => {
        const plan = planOf({ maxSettings });
        const worth = (setting: TunedParameters): number =>
          [...settingKey(setting)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0) + seed) % 1009, 7);
        const tried = searched(plan, worth);
        expect(tried.length).toBeLessThanOrEqual(maxSettings);
        expect(new Set(tried.map(settingKey)).size).toBe(tried.length);
        const early: KnownSettings = new Map(tried.slice(0, stop).map((one) => [settingKey(one), worth(one)]));
        const next = nextSetting(plan, early);
        expect(next === null ? undefined : settingKey(next)).toBe(tried[stop] && settingKey(tried[stop]));
        expect(plannedSettings(plan, early)).toBeGreaterThanOrEqual(Math.min(early.size, maxSettings));
      }),
    );
  });

  it("leaves the start behind where it failed", () => {
    const worth = ({ baseLr }: TunedParameters): number => (baseLr === 0.05 ? Number.NEGATIVE_INFINITY : 1);
    const tried = searched(planOf(), worth);
    expect(tried.some(({ baseLr, threshold }) => baseLr === 0.01 && threshold === 0.5)).toBe(true);
  });
});

it("a grid tries every combination once, but for iterations", () => {
  const plan = planOf({ search: "grid" });
  expect(searched(plan, () => 0)).toHaveLength(8);
  expect(plannedSettings(plan, new Map())).toBe(8);
});

function lookOf(
  iteration: number,
  informationMaximization: number,
  classPixels: number[],
  hits: number,
): TrialIteration {
  const figures = {
    entropy: 0.5,
    informationMaximization,
    nuclearNorm: 0.5,
    softNeighborhoodDensity: 0.5,
    viewAgreement: null,
  };
  const confusion = [hits, 100 - hits, 0, 100];
  return { iteration, loss: null, figures, confidence: 0.5, classPixels, saturated: 0.1, confusion };
}

function trialOf(change: Partial<TunedParameters>, key: string, iterations: TrialIteration[]): Trial {
  const parameters = { ...START, ...change };
  return { parameters, key, iterations, losses: [1, 1, 1, 1], pseudoLabel: null, milliseconds: 1, problem: null };
}

const EVEN = [100, 100];

describe("the ranking", () => {
  const good = (key: string) =>
    trialOf({}, key, [lookOf(0, -0.1, EVEN, 50), lookOf(2, -0.4, EVEN, 80), lookOf(4, -0.3, EVEN, 90)]);

  it("reads iterations off, takes means over the images, and pools the pixels", () => {
    const second = trialOf({}, "b", [lookOf(0, -0.1, EVEN, 50), lookOf(2, -0.2, EVEN, 60), lookOf(4, -0.1, EVEN, 90)]);
    const ranking = rankSettings([good("a"), second], 2, "informationMaximization");
    expect(ranking.map(({ parameters, value }) => [parameters.numEpochs, Number(value?.toFixed(3))])).toEqual([
      [2, -0.3],
      [4, -0.2],
      [0, -0.1],
    ]);
    const [miouFirst] = rankSettings([good("a"), second], 2, "miou");
    expect(miouFirst?.parameters.numEpochs).toBe(4);
    expect(miouFirst?.miou).toBeCloseTo((180 / 200 + 200 / 220) / 2, 9);
  });

  it("leaves out what was not tried on every image or failed on one", () => {
    expect(rankSettings([good("a")], 2, "miou")).toEqual([]);
    const failed = { ...good("b"), iterations: [], problem: "The loss is NaN." };
    expect(rankSettings([good("a"), failed], 2, "miou")).toEqual([]);
  });

  it("never chooses a collapse, however sure it is, and puts it last", () => {
    const collapsed = trialOf({ baseLr: 5 }, "a", [lookOf(0, -0.1, EVEN, 50), lookOf(2, -0.9, [200, 0], 100)]);
    const ranking = rankSettings([good("a"), collapsed], 1, "informationMaximization");
    expect(ranking[0]?.parameters.baseLr).toBe(START.baseLr);
    expect(ranking.at(-1)).toMatchObject({ collapsed: 1, parameters: { baseLr: 5, numEpochs: 2 } });
    expect(goodness(ranking.at(-1) ?? { value: 0, collapsed: 1 }, "informationMaximization")).toBe(
      Number.NEGATIVE_INFINITY,
    );
  });

  it("has the unadapted prediction once for each alpha", () => {
    const other = trialOf({ baseLr: 0.01 }, "a", [lookOf(0, -0.1, EVEN, 50), lookOf(2, -0.2, EVEN, 50)]);
    const alpha = trialOf({ alpha: 0.3 }, "a", [lookOf(0, -0.15, EVEN, 50)]);
    const unadapted = rankSettings([good("a"), other, alpha], 1, "informationMaximization").filter(
      ({ parameters }) => parameters.numEpochs === 0,
    );
    expect(unadapted.map(({ parameters }) => parameters.alpha)).toEqual([0.3, null]);
  });
});

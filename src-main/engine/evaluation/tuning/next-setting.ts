// Which setting is tried next: decided anew from all that is known, so that a search that was stopped goes on by itself.
import { axisValues } from "../../../../src-shared/contract/parameter-grid.ts";
import { isSameValue, VARIED_PARAMETERS, type VariedParameter } from "../../../../src-shared/contract/parameters.ts";
import type { TunedParameters, TuningPlan } from "../../../../src-shared/contract/tuning.ts";
import { settingKey } from "./rank-settings.ts";

/** How good each tried setting is with its best number of iterations; −∞ for one that failed or collapsed. */
export type KnownSettings = ReadonlyMap<string, number>;

/** What changes the result most comes first: later parameters are chosen for the best of the earlier ones. */
const ORDER: readonly VariedParameter[] = [
  "alpha",
  "baseLr",
  ...VARIED_PARAMETERS.filter((name) => name !== "alpha" && name !== "baseLr" && name !== "numEpochs"),
];

/** @returns null when the search has come to its end, or the plan's limit is reached */
export function nextSetting(plan: TuningPlan, known: KnownSettings): TunedParameters | null {
  if (known.size >= plan.maxSettings) return null;
  return plan.search === "grid" ? nextOfGrid(plan, known) : nextOfSearch(plan, known);
}

/** As many as there will be, as far as it can be told: a second round comes only when the first found something better. */
export function plannedSettings(plan: TuningPlan, known: KnownSettings): number {
  const counts = ORDER.map((name) => Math.max(1, valuesOf(plan, name).length));
  const all =
    plan.search === "grid"
      ? counts.reduce((product, count) => product * count, 1)
      : counts.reduce((sum, count) => sum + count - 1, 1);
  return Math.min(plan.maxSettings, Math.max(all, known.size));
}

function nextOfGrid(plan: TuningPlan, known: KnownSettings): TunedParameters | null {
  let settings: TunedParameters[] = [plan.start];
  for (const name of ORDER) {
    const values = axisValues(plan.grid, name);
    if (values.length > 0) settings = settings.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  return settings.find((setting) => !known.has(settingKey(setting))) ?? null;
}

/** Coordinate search: rounds over the parameters until one changes nothing. */
function nextOfSearch(plan: TuningPlan, known: KnownSettings): TunedParameters | null {
  let best = plan.start;
  for (;;) {
    const before = settingKey(best);
    for (const name of ORDER) {
      const settings = [best, ...valuesOf(plan, name).map((value) => ({ ...best, [name]: value }))];
      const untried = settings.find((setting) => !known.has(settingKey(setting)));
      if (untried !== undefined) return untried;
      best = settings.reduce((a, b) => (goodnessOf(b, known) > goodnessOf(a, known) ? b : a));
    }
    if (settingKey(best) === before) return null;
  }
}

function goodnessOf(setting: TunedParameters, known: KnownSettings): number {
  return known.get(settingKey(setting)) ?? Number.NEGATIVE_INFINITY;
}

/** With the one the search begins with. */
function valuesOf({ grid, start }: TuningPlan, name: VariedParameter) {
  const values = axisValues(grid, name);
  return values.some((value) => isSameValue(value, start[name])) ? values : [start[name], ...values];
}

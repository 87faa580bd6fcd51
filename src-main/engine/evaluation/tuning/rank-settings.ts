// From trials to a ranking of settings: figures over all images, what the criterion says, and which of them collapsed.
import {
  CRITERIA,
  type LabelFreeFigures,
  type RankedSetting,
  type Trial,
  type TrialIteration,
  type TunedParameters,
  type TuningCriterion,
} from "../../../../src-shared/contract/tuning.ts";
import { firstCollapse } from "../../../../src-shared/verdict/collapse.ts";
import { scoresFrom } from "../../metrics/score-labels.ts";

/** Of parameters that take the same run: iterations are read off. */
export function settingKey({ numEpochs: _, ...others }: TunedParameters): string {
  return JSON.stringify(Object.entries(others).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The best first, those that collapsed on any image last. Only settings that were tried on every image, and failed on none,
 * are in it; the unadapted prediction is there once for every alpha, with 0 iterations.
 */
export function rankSettings(
  trials: readonly Trial[],
  imageCount: number,
  criterion: TuningCriterion,
): RankedSetting[] {
  const bySetting = Map.groupBy(trials, ({ parameters }) => settingKey(parameters));
  const unadapted = new Set<number | null>();
  const ranked: RankedSetting[] = [];
  for (const members of bySetting.values()) {
    const [first] = members;
    if (first === undefined || members.length < imageCount || members.some(({ problem }) => problem !== null)) continue;
    for (const { iteration } of first.iterations) {
      if (iteration === 0 && unadapted.has(first.parameters.alpha)) continue;
      if (iteration === 0) unadapted.add(first.parameters.alpha);
      const setting = rankedSetting(members, iteration, criterion);
      if (setting !== null) ranked.push(setting);
    }
  }
  return ranked.toSorted((a, b) => goodness(b, criterion) - goodness(a, criterion));
}

/** Greater is better; −∞ for what is never chosen. */
export function goodness(
  { value, collapsed }: Pick<RankedSetting, "value" | "collapsed">,
  criterion: TuningCriterion,
): number {
  if (value === null || collapsed > 0) return Number.NEGATIVE_INFINITY;
  return CRITERIA[criterion].isLessBetter ? -value : value;
}

function rankedSetting(members: readonly Trial[], iteration: number, criterion: TuningCriterion): RankedSetting | null {
  const looks = members.flatMap(({ iterations }) => iterations.filter((one) => one.iteration === iteration));
  const [first] = members;
  if (first === undefined || looks.length < members.length) return null;
  const figures = meanFigures(looks.map(({ figures: own }) => own));
  const miou = pooledMiou(looks);
  return {
    parameters: { ...first.parameters, numEpochs: iteration },
    figures,
    miou,
    value: criterion === "miou" ? miou : figures[criterion],
    collapsed: members.filter((trial) => (collapseOf(trial) ?? Number.POSITIVE_INFINITY) <= iteration).length,
  };
}

/** The iteration from which on it has collapsed; null when it has not. */
function collapseOf({ iterations, losses, pseudoLabel }: Trial): number | null {
  const kept = iterations.map(({ iteration, figures, confidence, classPixels, saturated }) => ({
    iteration,
    scores: null,
    meanConfidence: confidence,
    meanEntropy: figures.entropy,
    figures: { classPixels, saturated, changed: 0, supported: null, overlapAgreement: null },
  }));
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const label =
    pseudoLabel === null
      ? null
      : {
          perClass: pseudoLabel,
          keptPixels: sum(pseudoLabel),
          pixels: sum(iterations[0]?.classPixels ?? []),
          agreement: null,
        };
  return firstCollapse({ kept, losses, pseudoLabel: label })?.iteration ?? null;
}

function meanFigures(all: readonly LabelFreeFigures[]): LabelFreeFigures {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const agreements = all.flatMap(({ viewAgreement }) => viewAgreement ?? []);
  return {
    entropy: mean(all.map(({ entropy }) => entropy)),
    informationMaximization: mean(all.map(({ informationMaximization }) => informationMaximization)),
    nuclearNorm: mean(all.map(({ nuclearNorm }) => nuclearNorm)),
    softNeighborhoodDensity: mean(all.map(({ softNeighborhoodDensity }) => softNeighborhoodDensity)),
    viewAgreement: agreements.length < all.length ? null : mean(agreements),
  };
}

/** Over the images with labels. */
function pooledMiou(looks: readonly TrialIteration[]): number | null {
  const matrices = looks.flatMap(({ confusion }) => (confusion === null ? [] : [confusion]));
  const [first] = matrices;
  if (first === undefined) return null;
  const counts = Float64Array.from(first, (_, at) => matrices.reduce((sum, matrix) => sum + (matrix[at] ?? 0), 0));
  return scoresFrom({ numClasses: Math.sqrt(first.length), counts }).miou;
}

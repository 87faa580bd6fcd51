// What a search over settings found, as text and as a recommendation.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { RecommendedParameters } from "../../../src-shared/contract/recommended-parameters.ts";
import {
  CRITERIA,
  type RankedSetting,
  settingWords,
  TOLD_SETTINGS,
  type TuningPlan,
  type TuningResult,
  winnerOf,
} from "../../../src-shared/contract/tuning.ts";
import { adaptationOf } from "../options/tuning-options.ts";
import { countText, gainText, percentText } from "../terminal/format.ts";
import { tableLines } from "../terminal/table.ts";

export interface TunedOn {
  /** Of the images: a folder's name, or an image's. */
  readonly name: string;
  readonly images: number;
}

/** The ranking as a table, and under it what was chosen and what never is. */
export function tuningText(plan: TuningPlan, result: TuningResult, on: TunedOn): string[] {
  const { ranking, unadapted } = result;
  const told = ranking.slice(0, TOLD_SETTINGS);
  const hasScores = ranking.some(({ miou }) => miou !== null);
  const showsCriterion = plan.criterion !== "miou";
  const header = [
    "setting",
    ...(showsCriterion ? [CRITERIA[plan.criterion].title.toLowerCase()] : []),
    ...(hasScores ? ["mIoU", "gain"] : []),
    "collapsed",
  ];
  const rows = told.map((setting) => [
    settingWords(setting.parameters, plan.start),
    ...(showsCriterion ? [setting.value?.toFixed(3) ?? "–"] : []),
    ...(hasScores ? [percentText(setting.miou), gainText(unadapted?.miou ?? null, setting.miou)] : []),
    setting.collapsed === 0 ? "" : `on ${setting.collapsed} of ${on.images}`,
  ]);
  const more = ranking.length - told.length;
  return [
    ...tableLines(header, rows),
    ...(more > 0 ? [`and ${countText(more, "setting")} more`] : []),
    "",
    winnerLine(winnerOf(ranking), plan, on),
    ...collapsedLines(ranking),
    ...failedLines(result),
  ];
}

function winnerLine(winner: RankedSetting | undefined, plan: TuningPlan, { images }: TunedOn): string {
  if (winner === undefined) return `${noneChosen(plan)} Nothing is recommended.`;
  const { title, isLessBetter } = CRITERIA[plan.criterion];
  const by =
    plan.criterion === "miou"
      ? "the labels; that is no longer a fair score of these images"
      : `${title.toLowerCase()}, ${isLessBetter ? "the least" : "the most"}; no labels were used`;
  return `Best on ${countText(images, "image")}: ${settingWords(winner.parameters, plan.start)} (by ${by}).`;
}

function collapsedLines(ranking: readonly RankedSetting[]): string[] {
  const collapsed = ranking.filter((setting) => setting.collapsed > 0).length;
  if (collapsed === 0) return [];
  return [`${collapsed} of ${countText(ranking.length, "setting")} collapsed on an image and are never chosen.`];
}

function failedLines({ failed, problem }: TuningResult): string[] {
  return failed === 0
    ? []
    : [`${countText(failed, "run")} failed; what fails is never chosen. ${problem ?? ""}`.trim()];
}

function noneChosen({ criterion }: TuningPlan): string {
  return `No setting has a figure for "${CRITERIA[criterion].title.toLowerCase()}" without a collapse.`;
}

/**
 * What the best setting recommends. Its alpha is not among it: that goes into the weights.
 *
 * @throws AppError `method.diverged` when there is none
 */
export function recommendationOf(plan: TuningPlan, { ranking }: TuningResult, on: TunedOn): RecommendedParameters {
  const winner = winnerOf(ranking);
  if (winner === undefined) throw new AppError("method.diverged", `${noneChosen(plan)} Nothing was stored.`);
  const { title } = CRITERIA[plan.criterion];
  const by = plan.criterion === "miou" ? "pooled mean IoU" : `${title.toLowerCase()}, without labels,`;
  const score = winner.miou === null || plan.criterion !== "miou" ? "" : ` (${percentText(winner.miou)} %)`;
  // A name may be as long as a file's.
  const name = on.name.slice(-200);
  const foundOn = `Best of ${countText(ranking.length, "setting")} by ${by}${score} on ${countText(on.images, "image")} of "${name}".`;
  return { method: "self-adaptation", parameters: adaptationOf(winner.parameters), foundOn };
}

// Auto-tuning: tries settings of self-adaptation on some images, one adaptation a setting and image, until the search ends.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { axisValues } from "../../../../src-shared/contract/parameter-grid.ts";
import type {
  RankedSetting,
  Trial,
  TunedParameters,
  TuningPlan,
  TuningResult,
} from "../../../../src-shared/contract/tuning.ts";
import { stopIfCancelled } from "../../methods/shared/cancellation.ts";
import type { SegmentationModel } from "../../methods/shared/segmentation-model.ts";
import { type KnownSettings, nextSetting, plannedSettings } from "./next-setting.ts";
import { goodness, rankSettings, settingKey } from "./rank-settings.ts";
import { runTrial, type TrialImage } from "./run-trial.ts";
import { openTrials, type TuningHeader } from "./trials-file.ts";

export interface TuningTask {
  readonly header: TuningHeader;
  readonly plan: TuningPlan;
  /** Absolute. */
  readonly folder: string;
}

export interface TuningOptions {
  /** By key. @throws AppError about an image that can't be read: its trials fail */
  load(key: string): Promise<TrialImage>;
  /** With this alpha in every normalisation layer; null: as stored. Of two the first is given up. */
  modelWith(alpha: number | null): Promise<SegmentationModel>;
  /** Called behind every trial. */
  onTried?(result: TuningResult): void;
  readonly signal: AbortSignal;
}

/**
 * Goes on with what an earlier tuning in the same folder has tried. No trial is done twice, and none for a number of
 * iterations that another one passes through.
 *
 * @throws AppError `input.option` for a folder of something else, `output.*`, `method.failed` when every trial failed
 * @throws CancelledError; trials that are done stay
 */
export async function tune({ header, plan, folder }: TuningTask, options: TuningOptions): Promise<TuningResult> {
  const iterations = axisValues(plan.grid, "numEpochs");
  const withViews = plan.criterion === "viewAgreement";
  const { trials, writer } = await openTrials(folder, header, {
    iterations,
    most: plan.start.numEpochs,
    views: withViews,
  });
  const looks = new Set(iterations);
  try {
    for (;;) {
      const setting = nextSetting(plan, knownSettings(trials, header, plan));
      if (setting === null) break;
      for (const key of header.images) {
        if (trials.some((trial) => trial.key === key && settingKey(trial.parameters) === settingKey(setting))) continue;
        stopIfCancelled(options.signal);
        const looksAt = (iteration: number): boolean => looks.size === 0 || looks.has(iteration);
        const trial = await tried(setting, key, { looksAt, withViews }, options);
        trials.push(trial);
        await writer.append(trial);
        options.onTried?.(tuningResult(trials, header, plan));
      }
    }
  } finally {
    await writer.close();
  }
  const result = tuningResult(trials, header, plan);
  if (result.ranking.length > 0) return result;
  throw new AppError("method.diverged", `No setting could be tried on all images. ${result.problem ?? ""}`.trim());
}

/** A setting that fails is one that is not chosen. */
async function tried(
  parameters: TunedParameters,
  key: string,
  looks: { readonly looksAt: (iteration: number) => boolean; readonly withViews: boolean },
  { load, modelWith, signal }: TuningOptions,
): Promise<Trial> {
  const started = performance.now();
  const common = { parameters, key };
  try {
    const image = await load(key);
    const model = await modelWith(parameters.alpha);
    const result = await runTrial(model, image, parameters, { ...looks, signal });
    return { ...common, ...result, milliseconds: performance.now() - started, problem: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code.startsWith("checkpoint.") || error.code.startsWith("runtime."))
      throw error;
    const milliseconds = performance.now() - started;
    return { ...common, iterations: [], losses: [], pseudoLabel: null, milliseconds, problem: error.message };
  }
}

function knownSettings(trials: readonly Trial[], { images }: TuningHeader, { criterion }: TuningPlan): KnownSettings {
  const known = new Map<string, number>();
  const bySetting = Map.groupBy(trials, ({ parameters }) => settingKey(parameters));
  for (const [key, members] of bySetting) if (members.length >= images.length) known.set(key, Number.NEGATIVE_INFINITY);
  for (const ranked of rankSettings(trials, images.length, criterion)) {
    const key = settingKey(ranked.parameters);
    known.set(key, Math.max(known.get(key) ?? Number.NEGATIVE_INFINITY, goodness(ranked, criterion)));
  }
  return known;
}

/** What is known so far, all of the ranking. */
export function tuningResult(trials: readonly Trial[], header: TuningHeader, plan: TuningPlan): TuningResult {
  const ranking = rankSettings(trials, header.images.length, plan.criterion);
  const failures = trials.filter(({ problem }) => problem !== null);
  const planned = plannedSettings(plan, knownSettings(trials, header, plan)) * header.images.length;
  return {
    done: trials.length,
    planned: Math.max(planned, trials.length),
    failed: failures.length,
    problem: failures.at(-1)?.problem ?? null,
    unadapted: ranking.find((one) => isUnadapted(one, plan.start)) ?? null,
    ranking,
  };
}

function isUnadapted({ parameters }: RankedSetting, start: TunedParameters): boolean {
  return parameters.numEpochs === 0 && parameters.alpha === start.alpha;
}

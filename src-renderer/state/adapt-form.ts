// The parameters of the next run: what the controls show, and changes of them that can be undone.
import { z } from "zod";
import { create } from "zustand";
import { type AdaptationConfig, adaptationConfigSchema } from "../../src-shared/contract/adaptation-config.ts";
import {
  FROZEN_LAYER_COUNTS,
  type FrozenLayersName,
  frozenLayersOf,
  parameterMeta,
} from "../../src-shared/contract/parameters.ts";
import { PUBLISHED_PARAMETERS } from "../../src-shared/contract/recommended-parameters.ts";
import { type RunId, runIdSchema } from "../../src-shared/contract/workbench/ids.ts";
import { type RunConfigForm, runConfigFormSchema } from "../../src-shared/contract/workbench/runs.ts";
import type { Settings } from "../../src-shared/contract/workbench/system.ts";
import { perform } from "./history.ts";
import { keepOverReload } from "./keep-over-reload.ts";
import { followed, type Recommending, startParameters, withParameters } from "./recipe.ts";

/** The published recipe: every default of the schema. */
export const RECIPE: RunConfigForm = runConfigFormSchema.parse({});

export interface AdaptForm {
  readonly config: RunConfigForm;
  /** The recipe that the form started from: while it follows it, it goes on to follow the next checkpoint's. */
  readonly base: AdaptationConfig;
  /** Runs that were started from this form, or put into it: showing one again leaves the form as it is. */
  readonly ownRuns: readonly RunId[];
}

export const useAdaptForm = create<AdaptForm>(() => ({ config: RECIPE, base: PUBLISHED_PARAMETERS, ownRuns: [] }));

const keptSchema = z.object({
  config: runConfigFormSchema,
  base: adaptationConfigSchema,
  ownRuns: z.array(runIdSchema),
});
keepOverReload("adapt-form", useAdaptForm, keptSchema);

/** Enough for the way back through what was looked at. */
const MAX_OWN_RUNS = 200;

export function isOwnRun(id: RunId): boolean {
  return useAdaptForm.getState().ownRuns.includes(id);
}

export function addOwnRun(id: RunId): void {
  if (isOwnRun(id)) return;
  useAdaptForm.setState(({ ownRuns }) => ({ ownRuns: [...ownRuns, id].slice(-MAX_OWN_RUNS) }));
}

/** Another checkpoint was chosen: a form that nobody has changed starts from what that one recommends. */
export function followCheckpoint(checkpoint: Recommending): void {
  const to = startParameters(checkpoint);
  useAdaptForm.setState(({ config, base }) => ({ config: followed(config, base, to), base: to }));
}

/** The parameters that a checkpoint's runs start from, in a form of their own. */
export function startConfig(checkpoint: Recommending): RunConfigForm {
  return withParameters(RECIPE, startParameters(checkpoint));
}

const SCALES = parameterMeta("scales").item ?? { min: 0, max: 1, step: 1, offered: [] };

/** What can be added to the scales that are offered as chips, as a number field takes it. */
export const SCALE_RANGE = { min: SCALES.min, max: SCALES.max, step: SCALES.step };

export function offeredScales({ scales }: Pick<RunConfigForm, "scales">): readonly number[] {
  return [...new Set([...SCALES.offered, ...scales])].sort((a, b) => a - b);
}

/** In rising order, each once; the last one can't be taken away. */
export function withScale(config: RunConfigForm, scale: number): RunConfigForm {
  const others = config.scales.filter((other) => other !== scale);
  const scales = others.length < config.scales.length ? others : [...others, scale].sort((a, b) => a - b);
  return scales.length === 0 ? config : { ...config, scales };
}

/** Which option names the layers that stay as they are, and how many there are to name. */
export interface LayersOption {
  readonly name: FrozenLayersName;
  readonly layers: readonly number[];
}

/** Of a backbone as checkpoints name it; the ResNets' where none is known. */
export function layersOptionOf(backbone: string | null | undefined): LayersOption {
  const name = frozenLayersOf(backbone);
  return { name, layers: Array.from({ length: FROZEN_LAYER_COUNTS[name] }, (_, index) => index + 1) };
}

/** Frozen or not; layers in rising order. */
export function withFrozenLayer(config: RunConfigForm, name: LayersOption["name"], layer: number): RunConfigForm {
  const others = config[name].filter((other) => other !== layer);
  const isFrozen = others.length < config[name].length;
  return { ...config, [name]: isFrozen ? others : [...others, layer].sort((a, b) => a - b) };
}

/** Whether two forms ask for the same run. */
export function isSameConfig(a: RunConfigForm, b: RunConfigForm): boolean {
  return JSON.stringify(runConfigFormSchema.parse(a)) === JSON.stringify(runConfigFormSchema.parse(b));
}

/** Changes the form as one step of the history. */
export function changeForm(label: string, next: RunConfigForm | ((config: RunConfigForm) => RunConfigForm)): void {
  const before = useAdaptForm.getState().config;
  const after = typeof next === "function" ? next(before) : next;
  if (isSameConfig(before, after)) return;
  perform({
    label,
    redo: () => useAdaptForm.setState({ config: after }),
    undo: () => useAdaptForm.setState({ config: before }),
  });
}

export interface Preset {
  readonly name: string;
  readonly config: RunConfigForm;
}

/** The presets that still make sense; what an older version saved is filled up with defaults. */
export function presetsFrom({ presets }: Pick<Settings, "presets">): readonly Preset[] {
  return presets.flatMap(({ name, config }) => {
    const parsed = runConfigFormSchema.safeParse(config);
    return parsed.success ? [{ name, config: parsed.data }] : [];
  });
}

/** The list with a preset added, or replaced where the name is taken. */
export function withPreset(presets: Settings["presets"], name: string, config: RunConfigForm): Settings["presets"] {
  return [...presets.filter((preset) => preset.name !== name), { name, config: { ...config } }];
}

/** The first thing wrong with the form, as a sentence; null when it can be run. */
export function formProblem(config: RunConfigForm): string | null {
  const parsed = runConfigFormSchema.safeParse(config);
  const message = parsed.error?.issues[0]?.message;
  return message === undefined ? null : `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

export interface ViewOfImage {
  readonly index: number;
  readonly scale: number;
  readonly isFlipped: boolean;
  readonly isGray: boolean;
}

/** The augmented views: two of each scale, of which the second is flipped and grey where that is asked for. */
export function viewsOf({ scales, flips, grayscale }: RunConfigForm): readonly ViewOfImage[] {
  return scales.flatMap((scale, place) => [
    { index: 2 * place, scale, isFlipped: false, isGray: false },
    { index: 2 * place + 1, scale, isFlipped: flips, isGray: grayscale },
  ]);
}

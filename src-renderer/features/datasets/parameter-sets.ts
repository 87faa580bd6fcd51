// The sets of parameters a batch can be started with: the last run's, the published recipe, and the saved ones.
import {
  type RunConfigForm,
  type RunSummary,
  runConfigFormSchema,
} from "../../../src-shared/contract/workbench/runs.ts";
import type { Settings } from "../../../src-shared/contract/workbench/system.ts";

export interface ParameterSet {
  readonly name: string;
  readonly config: RunConfigForm;
}

/** The last run's first, since that is what was tried out. Saved sets that this version does not understand are left out. */
export function parameterSets(
  presets: Settings["presets"],
  lastRun: Pick<RunSummary, "config"> | undefined,
): readonly [ParameterSet, ...ParameterSet[]] {
  const recipe = { name: "Published recipe", config: runConfigFormSchema.parse({}) };
  const saved = presets.flatMap(({ name, config }) => {
    const parsed = runConfigFormSchema.safeParse(config);
    return parsed.success ? [{ name, config: parsed.data }] : [];
  });
  return lastRun === undefined
    ? [recipe, ...saved]
    : [{ name: "As in the last run", config: lastRun.config }, recipe, ...saved];
}

/** The parameters that matter most, in a line. */
export function summaryOf({
  method,
  scales,
  flips,
  grayscale,
  baseLr,
  numEpochs,
  threshold,
  alpha,
}: RunConfigForm): string {
  const views = `scales ${scales.join(", ")}${flips ? ", mirrored" : ""}${grayscale ? ", grey" : ""}`;
  if (method === "tta") return views;
  const parts = [`${numEpochs} iterations`, `learning rate ${baseLr}`, `threshold ${threshold}`, views];
  return [...parts, ...(alpha === null ? [] : [`alpha ${alpha}`])].join(" · ");
}

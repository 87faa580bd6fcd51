// The sets of parameters a batch can be started with: those of the adapt screen, the published recipe, and the saved ones.
import { type RunConfigForm, runConfigFormSchema } from "../../../src-shared/contract/workbench/runs.ts";
import type { Settings } from "../../../src-shared/contract/workbench/system.ts";

export interface ParameterSet {
  readonly name: string;
  readonly config: RunConfigForm;
}

/** What the adapt screen shows first, since that was tried out. Saved sets that this version does not understand are left out. */
export function parameterSets(
  presets: Settings["presets"],
  shown: RunConfigForm,
): readonly [ParameterSet, ...ParameterSet[]] {
  const recipe = { name: "Published recipe", config: runConfigFormSchema.parse({}) };
  const saved = presets.flatMap(({ name, config }) => {
    const parsed = runConfigFormSchema.safeParse(config);
    return parsed.success ? [{ name, config: parsed.data }] : [];
  });
  return [{ name: "As on the adapt screen", config: shown }, recipe, ...saved];
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

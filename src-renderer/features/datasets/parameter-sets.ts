// The sets of parameters a batch can be started with: those of the adapt screen, the published recipe, and the saved ones.
import type { AdaptationConfig } from "../../../src-shared/contract/adaptation-config.ts";
import { PUBLISHED_PARAMETERS } from "../../../src-shared/contract/recommended-parameters.ts";
import type { Checkpoint } from "../../../src-shared/contract/workbench/checkpoints.ts";
import { type RunConfigForm, runConfigFormSchema } from "../../../src-shared/contract/workbench/runs.ts";
import type { Settings } from "../../../src-shared/contract/workbench/system.ts";
import type { AdaptForm } from "../../state/adapt-form.ts";
import { hasParameters, withParameters } from "../../state/recipe.ts";

export interface ParameterSet {
  readonly name: string;
  readonly config: RunConfigForm;
}

/**
 * What the adapt screen shows first, since that was tried out; as long as it was not changed, the recipe that runs with the
 * checkpoint start from. Saved sets that this version does not understand are left out.
 *
 * @param form  of the adapt screen
 */
export function parameterSets(
  presets: Settings["presets"],
  form: Pick<AdaptForm, "config" | "base">,
  checkpoint: Checkpoint | undefined,
): readonly [ParameterSet, ...ParameterSet[]] {
  const { config: shown, base } = form;
  const set = (name: string, parameters: AdaptationConfig) => ({ name, config: withParameters(shown, parameters) });
  const published = set("Published recipe", PUBLISHED_PARAMETERS);
  const recommended = checkpoint?.recommended ?? null;
  const recipes: [ParameterSet, ...ParameterSet[]] =
    recommended === null ? [published] : [set("Recommended by the checkpoint", recommended.parameters), published];
  const saved = presets.flatMap(({ name, config }) => {
    const parsed = runConfigFormSchema.safeParse(config);
    return parsed.success ? [{ name, config: parsed.data }] : [];
  });
  if (hasParameters(shown, base)) return [...recipes, ...saved];
  return [{ name: "As on the adapt screen", config: shown }, ...recipes, ...saved];
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

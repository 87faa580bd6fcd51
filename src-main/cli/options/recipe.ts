// Where the parameters of self-adaptation come from that are not given: the checkpoint's recommendation, or the published recipe.
import { type Command, Option } from "commander";
import { type AdaptationConfig, adaptationConfigSchema } from "../../../src-shared/contract/adaptation-config.ts";
import { AppError } from "../../../src-shared/contract/errors.ts";
import {
  PUBLISHED_PARAMETERS,
  RECIPES,
  type Recipe,
  type RecipeUse,
  recommendedIn,
} from "../../../src-shared/contract/recommended-parameters.ts";
import type { ReadModel } from "../../engine/process/open-model.ts";
import { checkedFlags, flagOf } from "./flag-values.ts";

export function addRecipeOption(command: Command): Command {
  return command.addOption(
    new Option(
      "--recipe <name>",
      "whose parameters hold where none is given: published or recommended (default: what the checkpoint recommends, if anything)",
    ).choices(RECIPES),
  );
}

/** The parameters among the values of flags, checked before anything is opened. @throws AppError `input.option` */
export function givenParameters(values: Readonly<Record<string, unknown>>): Partial<AdaptationConfig> {
  const checked = checkedFlags(adaptationConfigSchema, values);
  return Object.fromEntries(Object.entries(checked).filter(([name]) => values[name] !== undefined));
}

/**
 * @param asked  undefined: what the checkpoint recommends, else the published recipe
 * @param given  hold whatever the recipe says
 * @throws AppError `input.option` when a recommendation is asked for that is not there; `checkpoint.format` when it can't be read
 */
export function parametersFor(
  asked: Recipe | undefined,
  given: Partial<AdaptationConfig>,
  { metadata, summary: { path } }: Pick<ReadModel, "metadata" | "summary">,
): { readonly parameters: AdaptationConfig; readonly recipe: RecipeUse } {
  const names = Object.keys(given);
  const recommended = asked === "published" ? null : recommendedIn(metadata, path);
  if (recommended !== null) {
    const { parameters, foundOn } = recommended;
    return { parameters: { ...parameters, ...given }, recipe: { name: "recommended", foundOn, given: names } };
  }
  if (asked === "recommended") {
    throw new AppError(
      "input.option",
      `--recipe: "${path}" recommends no parameters; leave the option out, or store some with acclimate tune --store-in.`,
    );
  }
  const parameters = { ...PUBLISHED_PARAMETERS, ...given };
  return { parameters, recipe: { name: "published", foundOn: null, given: names } };
}

/** What was used, in a line. */
export function recipeLine({ name, foundOn, given }: RecipeUse): string {
  const which = name === "published" ? "the published recipe" : "recommended by the checkpoint";
  const but = given.length === 0 ? "" : `, but for ${given.map(flagOf).join(", ")}`;
  return `Parameters: ${which}${but}.${foundOn === null ? "" : ` ${foundOn}`}`;
}

// The parameters of self-adaptation that a checkpoint recommends for itself: what is stored with it, and how it is read.
import { z } from "zod";
import { type AdaptationConfig, adaptationConfigSchema } from "./adaptation-config.ts";
import { AppError } from "./errors.ts";

/** The key in a checkpoint's metadata; its value is the JSON text of `RecommendedParameters`. */
export const RECOMMENDED_KEY = "recommended";

/**
 * A parameter that is left out has the published recipe's value; an unknown one is refused, because leaving it away would
 * give other results than were found. Alpha is not among them: it is stored in the normalisation layers themselves.
 */
export const recommendedParametersSchema = z.strictObject({
  method: z.literal("self-adaptation"),
  parameters: z.strictObject(adaptationConfigSchema.shape),
  /** One sentence for people: on what images, and by what criterion. */
  foundOn: z.string().min(1).max(500),
});
export type RecommendedParameters = z.infer<typeof recommendedParametersSchema>;

/** Where the parameters of a run come from that are not given themselves. */
export const RECIPES = ["published", "recommended"] as const;
export type Recipe = (typeof RECIPES)[number];

/** Which recipe a run followed, and what was given in place of its parameters. */
export const recipeUseSchema = z.object({
  name: z.enum(RECIPES),
  /** Of a recommendation: what the checkpoint says about it. */
  foundOn: z.string().nullable(),
  /** Names of the parameters that were given. */
  given: z.array(z.string()),
});
export type RecipeUse = z.infer<typeof recipeUseSchema>;

/** What both recipes are measured by: every default of the schema. */
export const PUBLISHED_PARAMETERS: AdaptationConfig = adaptationConfigSchema.parse({});

/** Those of `parameters` that `base` has otherwise. */
export function changedParameters(parameters: AdaptationConfig, base: AdaptationConfig): Partial<AdaptationConfig> {
  const before: Readonly<Record<string, unknown>> = base;
  return Object.fromEntries(
    Object.entries(parameters).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])),
  );
}

/** The metadata entry to write into a checkpoint. */
export function recommendedMetadata(recommended: RecommendedParameters): Record<typeof RECOMMENDED_KEY, string> {
  return { [RECOMMENDED_KEY]: JSON.stringify(recommended) };
}

/**
 * What a checkpoint recommends.
 *
 * @param metadata  of the checkpoint; an entry of that name that is no text is somebody else's
 * @param path  named in the error
 * @returns null when it recommends nothing
 * @throws AppError `checkpoint.format` when this version can't read it
 */
export function recommendedIn(
  metadata: Readonly<Record<string, string | number | boolean>>,
  path: string,
): RecommendedParameters | null {
  const text = metadata[RECOMMENDED_KEY];
  if (typeof text !== "string") return null;
  const parsed = recommendedParametersSchema.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw new AppError(
    "checkpoint.format",
    `"${path}": this version can't read the recommended parameters (${where}${issue?.message}); follow the published recipe.`,
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

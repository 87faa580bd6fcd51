// The methods that are evaluated side by side to see what each step brings, from plain inference to self-adaptation.
import { type EvaluationConfig, evaluationConfigSchema } from "./evaluation.ts";
import type { Recipe, RecommendedParameters } from "./recommended-parameters.ts";

export interface ComparedMethod {
  /** A folder's name. */
  readonly name: string;
  readonly title: string;
  readonly config: EvaluationConfig;
  /** Null for methods without a recipe. */
  readonly recipe: Recipe | null;
}

/**
 * @param alpha  as stored in the checkpoint's layers; null where they differ
 * @param recommended  of the checkpoint
 */
export function comparedMethods(
  alpha: number | null,
  recommended: RecommendedParameters | null,
): readonly ComparedMethod[] {
  const config = (values: Partial<EvaluationConfig>): EvaluationConfig => evaluationConfigSchema.parse(values);
  const stored = alpha === null ? "alpha as stored" : `alpha ${alpha}`;
  const source: ComparedMethod = {
    name: "source",
    title: "Source statistics only (alpha 0)",
    config: config({ method: "predict", alpha: 0 }),
    recipe: null,
  };
  return [
    // With alpha 0 stored, that is what the checkpoint does by itself.
    ...(alpha === 0 ? [] : [source]),
    { name: "predict", title: `As stored (${stored})`, config: config({ method: "predict" }), recipe: null },
    { name: "tta", title: "Test-time augmentation", config: config({ method: "tta" }), recipe: null },
    {
      name: "adapt-published",
      title: "Self-adaptation, published recipe",
      config: config({ method: "adapt" }),
      recipe: "published",
    },
    ...(recommended === null
      ? []
      : [
          {
            name: "adapt-recommended",
            title: "Self-adaptation, recommended by the checkpoint",
            config: config({ method: "adapt", ...recommended.parameters }),
            recipe: "recommended" as const,
          },
        ]),
  ];
}

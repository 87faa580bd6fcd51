// Every parameter of a training; a dot marks what differs from the published recipe.
import { isUsed, type ParameterField, valueAt } from "../../../src-shared/contract/parameter-field.ts";
import type { TrainingConfig } from "../../../src-shared/contract/training/training-config.ts";
import { recipesOf } from "../../../src-shared/contract/training/training-recipes.ts";
import type { Training } from "../../../src-shared/contract/workbench/trainings.ts";
import { Facts } from "../../components/facts.tsx";
import { modelName } from "../../state/model-names.ts";
import { changedFrom, nearestRecipe, parametersOf } from "./training-form.ts";

export function ParameterTable({ training: { config } }: { readonly training: Training }) {
  const fields = parametersOf(config).filter((field) => isUsed(field, config));
  const recipe = nearestRecipe(config);
  const changed = changedFrom(recipe.config, config);
  return (
    <section className="training-panel">
      <h2>Parameters</h2>
      <p className="training-panel-note">
        A dot marks what differs from the published recipe{recipesOf(config.method).length > 1 && ` ${recipe.name}`}.
      </p>
      <Facts
        facts={fields.map((field) => ({
          name: field.meta.title,
          value: changed.includes(field.name) ? (
            <span className="training-changed">
              <span className="training-changed-dot" role="img" aria-label="differs from the recipe" />
              {valueText(field, config)}
            </span>
          ) : (
            valueText(field, config)
          ),
        }))}
      />
    </section>
  );
}

function valueText({ path, kind, meta }: ParameterField, config: TrainingConfig): string {
  const value = valueAt(config, path);
  if (value === null) return meta.whenNull ?? "none";
  if (Array.isArray(value)) return value.join(meta.joinedBy ?? ", ") || "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return meta.choices?.[String(value)] ?? (kind === "choice" ? modelName(String(value)) : String(value));
}

// Which of two recipes the fields of a form follow, and that they follow none; each is one click away.
import { SegmentedControl } from "@mantine/core";
import "./recipe-control.css";

export type RecipeChoice = "recommended" | "published";

interface RecipeControlProps {
  /** Null: the fields were changed. */
  readonly value: RecipeChoice | null;
  /** What the recommendation was found on. */
  readonly foundOn: string;
  readonly onChoose: (value: RecipeChoice) => void;
}

export function RecipeControl({ value, foundOn, onChoose }: RecipeControlProps) {
  return (
    <div className="recipe-control">
      <span className="recipe-control-label" title={foundOn}>
        Recipe
      </span>
      <SegmentedControl
        size="xs"
        aria-label="Recipe"
        value={value ?? "changed"}
        onChange={(chosen) => {
          if (chosen !== "changed") onChoose(chosen);
        }}
        data={[
          { value: "recommended", label: "recommended" },
          { value: "published", label: "published" },
          ...(value === null ? [{ value: "changed" as const, label: "changed" }] : []),
        ]}
      />
    </div>
  );
}

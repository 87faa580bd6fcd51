// Classes as coloured chips with the number of images that have each: choose those that must be present.
import { UnstyledButton } from "@mantine/core";
import type { Dataset } from "../../../src-shared/contract/workbench/datasets.ts";
import { formatCount } from "../../components/format.ts";
import { classColors } from "../../state/class-colors.ts";
import { useDisplay } from "../../state/display.ts";
import "./class-filter.css";

interface ClassFilterProps {
  readonly classes: Dataset["classes"];
  readonly chosen: readonly number[];
  readonly onChange: (chosen: number[]) => void;
}

export function ClassFilter({ classes, chosen, onChange }: ClassFilterProps) {
  const palette = useDisplay((state) => state.palette);
  const colors = classColors(19, palette);
  return (
    <fieldset className="class-filter">
      <legend className="dimmed">Images that have all of these</legend>
      <div className="class-filter-chips">
        {classes.map(({ trainId, count }) => (
          <UnstyledButton
            key={trainId}
            className="class-chip"
            aria-pressed={chosen.includes(trainId)}
            onClick={() =>
              onChange(chosen.includes(trainId) ? chosen.filter((other) => other !== trainId) : [...chosen, trainId])
            }
          >
            <span className="class-dot" style={{ background: colors[trainId]?.color }} />
            {colors[trainId]?.name ?? `class ${trainId}`}
            <span className="dimmed">{formatCount(count)}</span>
          </UnstyledButton>
        ))}
      </div>
    </fieldset>
  );
}

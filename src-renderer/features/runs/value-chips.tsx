// The values of one axis of a sweep: chips to switch on and off, and a field for any other value.
import { Chip, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { IconButton } from "../../components/icon-button.tsx";
import { offeredValues, toggledValue, valueProblem } from "./sweep-grid.ts";
import { AXIS_TITLES, type SweepAxis } from "./sweep-layout.ts";

interface ValueChipsProps {
  readonly axis: SweepAxis;
  readonly values: readonly number[];
  readonly onChange: (values: number[]) => void;
}

export function ValueChips({ axis, values, onChange }: ValueChipsProps) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const add = () => {
    if (typed.trim() === "") return;
    const value = Number(typed.replace(",", "."));
    const found = valueProblem(axis, value);
    setProblem(found);
    if (found !== null) return;
    if (!values.includes(value)) onChange(toggledValue(values, value));
    setTyped("");
  };
  return (
    <fieldset className="value-chips">
      <legend>{AXIS_TITLES[axis]}</legend>
      <div className="value-chips-row">
        {offeredValues(axis, values).map((value) => (
          <Chip
            key={value}
            variant="light"
            checked={values.includes(value)}
            onChange={() => onChange(toggledValue(values, value))}
          >
            {value}
          </Chip>
        ))}
        <TextInput
          className="value-chips-field"
          aria-label={`Another value: ${AXIS_TITLES[axis].toLowerCase()}`}
          placeholder="other"
          inputMode="decimal"
          error={problem !== null}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setProblem(null);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
          rightSection={
            typed !== "" && (
              <IconButton label="Add this value" size={20} onClick={add}>
                <IconPlus size={13} />
              </IconButton>
            )
          }
        />
      </div>
      {problem !== null && (
        <p className="value-chips-problem" role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  );
}

// The values of one axis of a sweep: chips to switch on and off, and a field for any other value.
import { Chip, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { ParameterValue } from "../../../src-shared/contract/parameter-meta.ts";
import { isSameValue, parameterMeta, parameterText } from "../../../src-shared/contract/parameters.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { enteredValue, offeredValues, toggledValue } from "./sweep-grid.ts";
import type { SweepAxis } from "./sweep-layout.ts";

interface ValueChipsProps {
  readonly axis: SweepAxis;
  readonly values: readonly ParameterValue[];
  /** The form's own: what stands where no value is chosen. */
  readonly ownValue: ParameterValue;
  readonly onChange: (values: ParameterValue[]) => void;
  readonly onRemove: () => void;
}

export function ValueChips({ axis, values, ownValue, onChange, onRemove }: ValueChipsProps) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const { title, offered = [] } = parameterMeta(axis);
  const add = () => {
    if (typed.trim() === "") return;
    const entry = enteredValue(axis, typed);
    setProblem("problem" in entry ? entry.problem : null);
    if ("problem" in entry) return;
    if (!values.some((value) => isSameValue(value, entry.value))) onChange(toggledValue(values, entry.value));
    setTyped("");
  };
  return (
    <fieldset className="value-chips">
      <legend>
        {title}
        {values.length === 0 && <span className="dimmed"> {parameterText(ownValue)}, as in the form</span>}
      </legend>
      <div className="value-chips-row">
        {offeredValues(axis, [...values, ownValue]).map((value) => (
          <Chip
            key={parameterText(value)}
            variant="light"
            checked={values.some((other) => isSameValue(value, other))}
            onChange={() => onChange(toggledValue(values, value))}
          >
            {parameterText(value)}
          </Chip>
        ))}
        {!offered.some((value) => typeof value === "boolean") && (
          <TextInput
            className="value-chips-field"
            aria-label={`Another value: ${title.toLowerCase()}`}
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
        )}
        <IconButton label={`Do not vary ${title.toLowerCase()}`} size={22} onClick={onRemove}>
          <IconX size={13} />
        </IconButton>
      </div>
      {problem !== null && (
        <p className="value-chips-problem" role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  );
}

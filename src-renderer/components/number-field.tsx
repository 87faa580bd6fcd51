// A number of the form: what is typed becomes one change when the field is left, Enter is pressed or an arrow steps it.
import { NumberInput, Tooltip } from "@mantine/core";
import { useEffect, useId, useState } from "react";
import { enteredNumber } from "./number-entry.ts";
import "./number-field.css";

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly placeholder?: string;
  readonly onCommit: (value: number) => void;
  /** The field may be empty. */
  readonly onClear?: () => void;
}

export function NumberField({ label, description, value, min, max, step, placeholder, onCommit, onClear }: Props) {
  const id = useId();
  const [draft, setDraft] = useState<number | string>(value ?? "");
  // Undo, presets and restored runs change it from outside.
  useEffect(() => setDraft(value ?? ""), [value]);

  const commit = (next: number | string): void => {
    if (next === "" && onClear !== undefined) {
      onClear();
      return;
    }
    const allowed = enteredNumber(next, { min, max, step });
    if (allowed === null) {
      setDraft(value ?? "");
      return;
    }
    setDraft(allowed);
    if (allowed !== value) onCommit(allowed);
  };

  const name = (
    <label className="number-field-label" htmlFor={id} data-explained={description !== undefined || undefined}>
      {label}
    </label>
  );
  return (
    <div className="number-field">
      {description === undefined ? (
        name
      ) : (
        <Tooltip label={description} multiline w={240}>
          {name}
        </Tooltip>
      )}
      <NumberInput
        id={id}
        value={draft}
        min={min}
        max={max}
        step={step}
        {...(placeholder === undefined ? {} : { placeholder })}
        clampBehavior="none"
        aria-description={description}
        onChange={setDraft}
        onBlur={() => commit(draft)}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit(draft);
        }}
        onMouseUp={() => {
          // The small arrows change the draft; leaving the field would be too late to see it.
          setTimeout(() => setDraft((current) => current), 0);
        }}
      />
    </div>
  );
}

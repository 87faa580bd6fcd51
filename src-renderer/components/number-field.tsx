// A number of a form: what is typed or stepped to becomes one change when the field is left or Enter is pressed. A text that
// is no number changes nothing and says so.
import { TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { enteredNumber, formatNumber, mayBecomeNumber, type NumberRange, steppedText } from "./number-text.ts";
import "./number-field.css";

interface Props extends NumberRange {
  readonly label: string;
  readonly description?: string;
  readonly value: number | null;
  readonly placeholder?: string;
  readonly onCommit: (value: number) => void;
  /** The field may be empty. */
  readonly onClear?: () => void;
}

export function NumberField({ label, description, placeholder, ...number }: Props) {
  const id = useId();
  const { draft, problem, type, step, enter, leave } = useNumberDraft(number);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") enter();
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    // Otherwise the caret jumps to an end of the text.
    event.preventDefault();
    step(event.key === "ArrowUp" ? 1 : -1);
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
      <TextInput
        id={id}
        inputMode="decimal"
        autoComplete="off"
        value={draft}
        {...(placeholder === undefined ? {} : { placeholder })}
        aria-description={description}
        error={problem !== null && <span role="alert">{problem}</span>}
        rightSection={<StepButtons onStep={step} />}
        rightSectionWidth={22}
        onChange={(event) => type(event.currentTarget.value)}
        onBlur={leave}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

type DraftOptions = NumberRange & Pick<Props, "value" | "onCommit" | "onClear">;

/** The text in the field until it is a number of the form. */
function useNumberDraft({ value, min, max, step, onCommit, onClear }: DraftOptions) {
  const range = { min, max, step };
  const [draft, setDraft] = useState(() => formatNumber(value));
  const [problem, setProblem] = useState<string | null>(null);
  // Undo, presets and restored runs change it from outside.
  useEffect(() => setDraft(formatNumber(value)), [value]);

  const type = (text: string): void => {
    setDraft(text);
    setProblem(mayBecomeNumber(text) ? null : enteredNumber(text, range).problem);
  };
  /** Whether the text was one that the form can have. */
  const commit = (): boolean => {
    // What was not touched is not judged, and the sentence about it stays.
    if (draft === formatNumber(value)) return true;
    if (draft.trim() === "" && onClear !== undefined) {
      setProblem(null);
      onClear();
      return true;
    }
    const entry = enteredNumber(draft, range);
    setProblem(entry.problem);
    if (entry.value === null) return false;
    setDraft(formatNumber(entry.value));
    if (entry.value !== value) onCommit(entry.value);
    return true;
  };
  return {
    draft,
    problem,
    type,
    step: (direction: 1 | -1) => type(steppedText(draft, value, direction, range)),
    enter: () => void commit(),
    leave: () => {
      if (!commit()) setDraft(formatNumber(value));
    },
  };
}

/** For the mouse only: the keyboard has its arrow keys. */
function StepButtons({ onStep }: { readonly onStep: (direction: 1 | -1) => void }) {
  const button = (direction: 1 | -1, Icon: typeof IconChevronUp) => (
    <UnstyledButton
      className="number-field-step"
      tabIndex={-1}
      // The field keeps the focus, or gets it, so that leaving it makes the change.
      onMouseDown={(event) => {
        event.preventDefault();
        event.currentTarget.closest(".number-field")?.querySelector("input")?.focus();
      }}
      onClick={() => onStep(direction)}
    >
      <Icon size={10} />
    </UnstyledButton>
  );
  return (
    <span className="number-field-steps" aria-hidden="true">
      {button(1, IconChevronUp)}
      {button(-1, IconChevronDown)}
    </span>
  );
}

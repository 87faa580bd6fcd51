// A number of a form: what is typed or stepped to becomes one change when the field is left or Enter is pressed. A text that
// is no number changes nothing and says so.
import { useEffect, useState } from "react";
import { enteredNumber, formatNumber, mayBecomeNumber, type NumberRange, steppedText } from "./number-text.ts";
import { NumberTextField } from "./number-text-field.tsx";

interface Props extends NumberRange {
  readonly label: string;
  /** For screen readers only, where the name stands beside the field. */
  readonly isLabelHidden?: boolean;
  readonly description?: string;
  readonly value: number | null;
  readonly placeholder?: string;
  readonly onCommit: (value: number) => void;
  /** The field may be empty. */
  readonly onClear?: () => void;
}

export function NumberField({ label, isLabelHidden, description, placeholder, ...number }: Props) {
  const { draft, problem, type, step, enter, leave } = useNumberDraft(number);
  return (
    <NumberTextField
      label={label}
      {...(isLabelHidden === undefined ? {} : { isLabelHidden })}
      {...(description === undefined ? {} : { description })}
      {...(placeholder === undefined ? {} : { placeholder })}
      text={draft}
      problem={problem}
      onType={type}
      onStep={step}
      onEnter={enter}
      onLeave={leave}
    />
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

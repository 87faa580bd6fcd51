// A field for the text of a number, with arrows that step it and a place for what is wrong with it.
import { TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { type KeyboardEvent, useId } from "react";
import "./number-text-field.css";

interface NumberTextFieldProps {
  readonly label: string;
  /** For screen readers only, where the name stands beside the field. */
  readonly isLabelHidden?: boolean;
  readonly description?: string;
  readonly placeholder?: string;
  readonly text: string;
  readonly problem: string | null;
  readonly onType: (text: string) => void;
  readonly onStep: (direction: 1 | -1) => void;
  readonly onEnter: () => void;
  readonly onLeave?: () => void;
}

export function NumberTextField(props: NumberTextFieldProps) {
  const { label, isLabelHidden = false, description, placeholder, text, problem } = props;
  const { onType, onStep, onEnter, onLeave } = props;
  const id = useId();
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") onEnter();
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    // Otherwise the caret jumps to an end of the text.
    event.preventDefault();
    onStep(event.key === "ArrowUp" ? 1 : -1);
  };

  const name = (
    <label
      className={isLabelHidden ? "visually-hidden" : "number-field-label"}
      htmlFor={id}
      data-explained={description !== undefined || undefined}
    >
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
        value={text}
        {...(placeholder === undefined ? {} : { placeholder })}
        aria-description={description}
        error={problem !== null && <span role="alert">{problem}</span>}
        rightSection={<StepButtons onStep={onStep} />}
        rightSectionWidth={22}
        onChange={(event) => onType(event.currentTarget.value)}
        onBlur={onLeave}
        onKeyDown={onKeyDown}
      />
    </div>
  );
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

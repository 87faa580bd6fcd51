// A field that searches while somebody types, without a request for every letter.
import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";

/** Long enough for a word, short enough to feel immediate. */
const TYPING_PAUSE_MS = 250;

interface SearchFieldProps {
  readonly label: string;
  /** Left out: the label. */
  readonly placeholder?: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly className?: string;
  readonly width?: number;
}

export function SearchField({ label, placeholder = label, text, onText, className, width }: SearchFieldProps) {
  const [typed, setTyped] = useState(text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Undo, a saved view or "clear" changes it from outside.
  useEffect(() => setTyped(text), [text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (value: string, delayMs: number) => {
    setTyped(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onText(value), delayMs);
  };
  return (
    <TextInput
      {...(className === undefined ? {} : { className })}
      {...(width === undefined ? {} : { w: width })}
      data-search
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={14} aria-hidden="true" />}
      rightSection={
        typed !== "" && <CloseButton size="xs" aria-label="Clear the search" onClick={() => change("", 0)} />
      }
      value={typed}
      onChange={(event) => change(event.currentTarget.value, TYPING_PAUSE_MS)}
      onKeyDown={(event) => event.key === "Escape" && change("", 0)}
    />
  );
}

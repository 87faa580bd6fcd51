// The field of one parameter, as its schema describes it.
import { Select, Switch, TextInput, Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import type { ParameterField } from "../../src-shared/contract/parameter-field.ts";
import type { NumberLimits } from "../../src-shared/contract/parameter-meta.ts";
import { NumberField } from "./number-field.tsx";
import { listText, parseNumbers } from "./number-text.ts";

interface Props {
  readonly field: ParameterField;
  /** As the configuration holds it. */
  readonly value: unknown;
  readonly onCommit: (value: unknown) => void;
  /** What a choice is called, where its metadata does not say so. */
  readonly nameOf?: (choice: string) => string;
}

const ANY_NUMBER: NumberLimits = { min: 0, max: Number.MAX_SAFE_INTEGER, step: 0.01 };

export function ParameterInput({ field, value, onCommit, nameOf = (choice) => choice }: Props) {
  const { kind, meta } = field;
  const choiceNames = field.choices.map((choice) => meta.choices?.[choice] ?? nameOf(choice));
  switch (kind) {
    case "number":
      return <NumberInput field={field} value={value as number | null} onCommit={onCommit} />;
    case "pair":
      return <PairInputs field={field} value={value as readonly [number, number] | null} onCommit={onCommit} />;
    case "numbers":
      return <NumbersInput field={field} value={value as readonly number[]} onCommit={onCommit} />;
    case "choice":
      return (
        <Select
          className={widthOf(choiceNames)}
          label={meta.title}
          allowDeselect={false}
          value={String(value)}
          data={field.choices.map((choice, place) => ({ value: choice, label: choiceNames[place] ?? choice }))}
          onChange={(choice) => choice !== null && onCommit(choice)}
        />
      );
    case "switch":
      return (
        <Tooltip label={meta.description} multiline w={240} disabled={meta.description === undefined}>
          <Switch
            className="parameter-switch"
            label={meta.title}
            checked={value === true}
            onChange={(event) => onCommit(event.currentTarget.checked)}
          />
        </Tooltip>
      );
    default:
      return kind satisfies never;
  }
}

/** Characters that a field of one column shows, and one of two. */
const COLUMN_CHARACTERS = 15;
const COLUMNS_CHARACTERS = 34;

/** The class of a field in which the longest of the texts can be read. */
function widthOf(texts: readonly string[]): string | undefined {
  const longest = Math.max(0, ...texts.map(({ length }) => length));
  if (longest > COLUMNS_CHARACTERS) return "parameter-widest";
  return longest > COLUMN_CHARACTERS ? "parameter-wide" : undefined;
}

interface FieldProps<Value> {
  readonly field: ParameterField;
  readonly value: Value;
  readonly onCommit: (value: unknown) => void;
}

function NumberInput({ field: { meta, isNullable }, value, onCommit }: FieldProps<number | null>) {
  return (
    <NumberField
      label={meta.title}
      {...(meta.description === undefined ? {} : { description: meta.description })}
      {...(meta.range ?? ANY_NUMBER)}
      value={value}
      {...(meta.whenNull === undefined ? {} : { placeholder: meta.whenNull })}
      {...(isNullable ? { onClear: () => onCommit(null) } : {})}
      onCommit={onCommit}
    />
  );
}

/** Where the two have to be in order, or were none, the one that was not typed goes along. */
function PairInputs({ field, value, onCommit }: FieldProps<readonly [number, number] | null>) {
  const { meta, accepts, isNullable } = field;
  const titles = meta.ends ?? [`${meta.title}, first`, `${meta.title}, second`];
  return titles.map((title, place) => (
    <NumberField
      key={title}
      label={title}
      {...(meta.description === undefined ? {} : { description: meta.description })}
      {...(meta.range ?? ANY_NUMBER)}
      value={value?.[place] ?? null}
      {...(meta.whenNull === undefined ? {} : { placeholder: meta.whenNull })}
      {...(isNullable ? { onClear: () => onCommit(null) } : {})}
      onCommit={(typed) => {
        const pair = (value ?? [typed, typed]).with(place, typed);
        onCommit(accepts(pair) ? pair : [typed, typed]);
      }}
    />
  ));
}

function NumbersInput({ field: { meta, accepts }, value, onCommit }: FieldProps<readonly number[]>) {
  const [draft, setDraft] = useState(() => listText(value));
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => setDraft(listText(value)), [value]);
  const commit = (): void => {
    const numbers = parseNumbers(draft);
    const isFit = numbers !== null && accepts(numbers);
    setProblem(isFit ? null : "Give numbers with commas between them, within the limits.");
    if (isFit && listText(numbers) !== listText(value)) onCommit(numbers);
  };
  return (
    <TextInput
      className={widthOf([listText(value)])}
      label={meta.title}
      aria-description={meta.description}
      value={draft}
      placeholder="none"
      error={problem !== null && <span role="alert">{problem}</span>}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}

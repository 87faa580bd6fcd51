// The flags of a method's parameters, made of its schema: names, help, defaults and readers of their values.
import { type Command, Option } from "commander";
import { AppError } from "../../../src-shared/contract/errors.ts";
import {
  inGroups,
  type ParameterField,
  type ParameterSchema,
  parameterFields,
  withValueAt,
} from "../../../src-shared/contract/parameter-field.ts";
import { flagOf, numberFrom, numbersFrom, numbersOrNoneFrom } from "./flag-values.ts";

/**
 * Adds a flag for each parameter, in the groups of their metadata.
 *
 * @param names        only these; all unless they are given
 * @param defaultText  what the help says of a default
 */
export function addParameterOptions(
  command: Command,
  schema: ParameterSchema,
  names?: readonly string[],
  defaultText: (field: ParameterField) => string = defaultOf,
): Command {
  const fields = parameterFields(schema).filter(({ name }) => names?.includes(name) ?? true);
  for (const [group, members] of inGroups(fields)) {
    if (group !== "") command.optionsGroup(group);
    for (const field of members) for (const option of optionsOf(field, defaultText)) command.addOption(option);
  }
  return command;
}

/** Flags of lists, behind which values may stand with spaces between them. */
export function listFlags(schema: ParameterSchema): readonly string[] {
  return parameterFields(schema)
    .filter(({ kind, meta }) => kind === "numbers" && meta.isSequence !== true)
    .map(({ name }) => flagOf(name));
}

/** The values of flags where the schema has them: those of objects in it inside of them. */
export function nestedValues(
  schema: ParameterSchema,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return parameterFields(schema)
    .filter(({ path, name }) => path.length > 1 && values[name] !== undefined)
    .reduce<Record<string, unknown>>((nested, { path, name }) => withValueAt(nested, path, values[name]), {
      ...values,
    });
}

function optionsOf(field: ParameterField, defaultText: (field: ParameterField) => string): Option[] {
  const { name, kind, choices } = field;
  const flag = flagOf(name);
  const help = helpOf(field, defaultText(field));
  switch (kind) {
    case "switch":
      return switchOptions(field, flag);
    case "choice":
      return [new Option(`${flag} <name>`, help).choices(choices)];
    case "pair":
      return [new Option(`${flag} <numbers...>`, help).argParser(pairFrom(flag, field.isNullable))];
    case "numbers":
      if (field.meta.isSequence === true) return [new Option(`${flag} <HxW>`, help).argParser(sidesFrom(flag))];
      return [
        new Option(`${flag} <list>`, help).argParser(field.mayBeEmpty ? numbersOrNoneFrom(flag) : numbersFrom(flag)),
      ];
    case "number":
      return [new Option(`${flag} <n>`, help).argParser(numberFrom(flag))];
    default:
      return kind satisfies never;
  }
}

/** One that is on unless it is switched off has a flag for both. */
function switchOptions(field: ParameterField, flag: string): Option[] {
  const on = new Option(flag, descriptionOf(field) + (field.byDefault === true ? " (default)" : ""));
  return field.byDefault === true ? [on, new Option(flag.replace("--", "--no-"), "do not")] : [on];
}

function helpOf(field: ParameterField, byDefault: string): string {
  const choices = field.choices.length === 0 ? "" : `: ${field.choices.join(", ")}`;
  return `${descriptionOf(field)}${choices} (default: ${byDefault})`;
}

/** "Of the dropout masks" goes on from the title: "seed of the dropout masks". */
function descriptionOf({ meta: { title, description = title } }: ParameterField): string {
  const small = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
  return description.startsWith("Of ") ? `${small(title)} ${small(description)}` : small(description);
}

/** A default as the help says it. */
export function defaultOf({ byDefault, meta }: ParameterField): string {
  if (byDefault === null || byDefault === undefined) return meta.whenNull ?? "none";
  return Array.isArray(byDefault) ? byDefault.join(" ") || "none" : String(byDefault);
}

/** 512x1024 as [512, 1024], height first; none as []. @throws AppError `input.option` */
function sidesFrom(flag: string): (text: string) => number[] {
  return (text) => {
    if (text.trim() === "none") return [];
    const [, height, width] = /^(\d{1,6})x(\d{1,6})$/i.exec(text.trim()) ?? [];
    if (height !== undefined && width !== undefined) return [Number(height), Number(width)];
    throw new AppError(
      "input.option",
      `${flag}: "${text}" is no size; give height x width in pixels, such as 512x1024.`,
    );
  };
}

/** Two numbers, with a space or a comma between them; `none` where there may be none. */
function pairFrom(flag: string, isNullable: boolean) {
  const numbers = numbersFrom(flag);
  return (text: string, before: number[] | null | undefined): number[] | null | undefined =>
    isNullable && text.trim() === "none" ? null : [...(before ?? []), ...numbers(text)];
}

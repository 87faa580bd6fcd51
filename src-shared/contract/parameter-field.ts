// The parameters of a method as its schema has them: what flags, form fields, tables and copied commands are made of.
import { z } from "zod";
import { BugError } from "./errors.ts";
import { PARAMETER_META, type ParameterMeta } from "./parameter-meta.ts";

/** What a value of the parameter is. */
export type ParameterKind =
  | "number"
  /** On or off. */
  | "switch"
  /** One of `choices`. */
  | "choice"
  /** Two numbers. */
  | "pair"
  /** Any number of numbers. */
  | "numbers";

export interface ParameterField {
  /** Where it stands in the configuration: ["augmentation", "flip"]. */
  readonly path: readonly string[];
  /** The last of the path; no two parameters of a method share it. */
  readonly name: string;
  readonly kind: ParameterKind;
  readonly meta: ParameterMeta;
  readonly isNullable: boolean;
  /** Of a list: whether it may have no entry. */
  readonly mayBeEmpty: boolean;
  /** Of a choice. */
  readonly choices: readonly string[];
  /** Whether a configuration may have this value. */
  readonly accepts: (value: unknown) => boolean;
  /** What it is unless it is given. */
  readonly byDefault: unknown;
}

/** Schemas of parameters: objects of them lie within one another. */
export type ParameterSchema = z.ZodObject;

/**
 * The parameters that have metadata, in the schema's order; those of objects in it stand where the object does.
 *
 * @throws BugError for a parameter of a kind that has no field
 */
export function parameterFields(schema: ParameterSchema): readonly ParameterField[] {
  return fieldsIn(schema, []);
}

function fieldsIn(schema: ParameterSchema, above: readonly string[]): ParameterField[] {
  return Object.entries(schema.shape).flatMap(([name, part]) => {
    const path = [...above, name];
    const inner = within(part);
    if (inner instanceof z.ZodObject) return fieldsIn(inner, path);
    const meta = PARAMETER_META.get(part);
    return meta === undefined ? [] : [fieldOf(path, part, meta)];
  });
}

function fieldOf(path: readonly string[], schema: z.core.$ZodType, meta: ParameterMeta): ParameterField {
  const inner = within(schema);
  const choices =
    meta.choices !== undefined ? Object.keys(meta.choices) : inner instanceof z.ZodEnum ? inner.options : [];
  return {
    path,
    name: path.at(-1) ?? "",
    kind: kindOf(inner, choices.length > 0, path),
    meta,
    isNullable: z.safeParse(schema, null).success,
    mayBeEmpty: z.safeParse(inner, []).success,
    choices: choices.map(String),
    accepts: (value) => z.safeParse(schema, value).success,
    byDefault: z.safeParse(schema, undefined).data,
  };
}

/** Without what says which value stands for none. */
function within(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable) {
    return within(schema.unwrap());
  }
  return schema;
}

function kindOf(inner: z.core.$ZodType, hasChoices: boolean, path: readonly string[]): ParameterKind {
  if (hasChoices) return "choice";
  if (inner instanceof z.ZodNumber) return "number";
  if (inner instanceof z.ZodBoolean) return "switch";
  if (inner instanceof z.ZodTuple && inner.def.items.length === 2) return "pair";
  if (inner instanceof z.ZodArray || inner instanceof z.ZodTuple) return "numbers";
  throw new BugError(`the parameter "${path.join(".")}" is of a kind that no field is for`);
}

/** The value in a configuration. */
export function valueAt(config: object, path: readonly string[]): unknown {
  return path.reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], config);
}

/** The configuration with another value there. */
export function withValueAt<C extends object>(config: C, path: readonly string[], value: unknown): C {
  const [name, ...rest] = path;
  if (name === undefined) return config;
  const part = (config as Record<string, unknown>)[name];
  return { ...config, [name]: rest.length === 0 ? value : withValueAt((part ?? {}) as object, rest, value) };
}

/** Whether the parameter changes anything about a run of this configuration. */
export function isUsed({ meta }: ParameterField, config: object): boolean {
  return meta.isUsedWith?.(config as Readonly<Record<string, unknown>>) ?? true;
}

/** Groups in the order of their first parameters; those without a group come under "". */
export function inGroups(fields: readonly ParameterField[]): ReadonlyMap<string, readonly ParameterField[]> {
  return Map.groupBy(fields, ({ meta }) => meta.group ?? "");
}

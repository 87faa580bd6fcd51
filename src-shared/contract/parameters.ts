// The parameters that can be varied between runs, by name: their words, how their values are written, what is offered.
import type { z } from "zod";
import { adaptationConfigSchema, alphaSchema, fitConfigSchema } from "./adaptation-config.ts";
import { BugError } from "./errors.ts";
import type { NumberLimits, ParameterMeta, ParameterValue } from "./parameter-meta.ts";
import { PARAMETER_META } from "./parameter-meta.ts";

/** What runs have: self-adaptation's own parameters, alpha, and what only methods without adaptation take. */
export const parameterShape = { ...adaptationConfigSchema.shape, ...fitConfigSchema.shape, alpha: alphaSchema };
export type ParameterName = keyof typeof parameterShape;
export type Parameters = { readonly [Name in ParameterName]: ReturnType<(typeof parameterShape)[Name]["parse"]> };

/** In the order of forms and columns. Velocities only go on from image to image, so a single one's run does not differ. */
export const VARIED_PARAMETERS = [
  "alpha",
  "baseLr",
  "numEpochs",
  "threshold",
  "resnetLayers",
  "hrnetLayers",
  "vggLayers",
  "mitLayers",
  "scales",
  "flips",
  "grayscale",
  "momentum",
  "weightDecay",
  "dropout",
  "seed",
  "window",
  "overlap",
] as const satisfies readonly ParameterName[];
export type VariedParameter = (typeof VARIED_PARAMETERS)[number];

export function parameterMeta(name: ParameterName): ParameterMeta {
  return metaOf(parameterShape[name]);
}

function metaOf(schema: z.core.$ZodType): ParameterMeta {
  const meta = PARAMETER_META.get(schema);
  if (meta === undefined) throw new BugError("nothing is registered of a parameter");
  return meta;
}

/** How many layers there are to freeze, by the option that names them. */
export const FROZEN_LAYER_COUNTS = { resnetLayers: 4, hrnetLayers: 3, vggLayers: 5, mitLayers: 4 } as const;
export type FrozenLayersName = keyof typeof FROZEN_LAYER_COUNTS;

/** The option of layers that stay as they are; the ResNets' where no backbone is known. @param backbone  as checkpoints name it */
export function frozenLayersOf(backbone: string | null | undefined): FrozenLayersName {
  if (backbone?.startsWith("hrnet")) return "hrnetLayers";
  if (backbone?.startsWith("mit")) return "mitLayers";
  return backbone?.startsWith("vgg") ? "vggLayers" : "resnetLayers";
}

/** What alpha can't do in a network with this backbone; null where it counts in every normalisation layer. */
export function alphaLimit(backbone: string | null | undefined): string | null {
  if (frozenLayersOf(backbone) !== "mitLayers") return null;
  return "The encoder's layer norms have no statistics of a batch: alpha counts in the head's batch normalisation, if it has any";
}

/**
 * Label, description and limits of a number field.
 *
 * @param parameter  by its name, or the schema itself where not all runs have it
 * @throws BugError for a parameter that is no single number
 */
export function numberFieldOf(
  parameter: ParameterName | z.core.$ZodType,
): NumberLimits & { label: string; description?: string } {
  const { title, description, range } = typeof parameter === "string" ? parameterMeta(parameter) : metaOf(parameter);
  if (range === undefined) throw new BugError(`the parameter "${title}" is no single number`);
  return { label: title, ...range, ...(description === undefined ? {} : { description }) };
}

/** "lr": as legends and names of runs have it. */
export function shortName(name: ParameterName): string {
  const { short, title } = parameterMeta(name);
  return short ?? title.toLowerCase();
}

/** A value as people read it. */
export function parameterText(value: ParameterValue): string {
  if (value === null) return "as stored";
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value.length === 0 ? "none" : value.join(", ");
}

/** Whether two values mean the same: lists are compared by what is in them. */
export function isSameValue(a: ParameterValue, b: ParameterValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Numbers rise, "as stored" comes first, "no" before "yes"; lists go by their length, then by their entries.
 *
 * @returns negative, 0 or positive, as sort wants it
 */
export function compareValues(a: ParameterValue, b: ParameterValue): number {
  if (Array.isArray(a) && Array.isArray(b)) {
    const differing = a.findIndex((entry, place) => entry !== b[place]);
    return a.length - b.length || (differing < 0 ? 0 : Number(a[differing]) - Number(b[differing]));
  }
  return sortKey(a) - sortKey(b);
}

function sortKey(value: ParameterValue): number {
  return value === null || Array.isArray(value) ? -1 : Number(value);
}

/** What is wrong with a value, as a sentence; null when a run can have it. */
export function valueProblem(name: ParameterName, value: ParameterValue): string | null {
  const parsed = parameterShape[name].safeParse(value);
  const message = parsed.error?.issues[0]?.message;
  return message === undefined ? null : `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

// What is known of a parameter besides which values it may have: its name for people, a field's limits, values worth trying.
import { z } from "zod";

/** As configurations hold them. Null stands for what the checkpoint has stored. */
export type ParameterValue = number | boolean | readonly number[] | null;

/** Of a field in which a number is typed or stepped; no wider than what the schema takes. */
export interface NumberLimits {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

export interface ParameterMeta {
  /** Capitalised: the name of a field or column. */
  readonly title: string;
  /** In legends and names of runs; the title in small letters unless it is given. */
  readonly short?: string;
  /** Without a full stop; forms show it, and the command line's help does. */
  readonly description?: string;
  /** Parameters of one group stand together, under this heading: in forms and in the help. */
  readonly group?: string;
  /** Of a parameter that is one number, or of both of a pair. */
  readonly range?: NumberLimits;
  /** Of a pair of numbers: what the first and the second are called, where they have fields of their own. */
  readonly ends?: readonly [first: string, second: string];
  /** Of several numbers: what stands between them in a text; ", " unless it is given. */
  readonly joinedBy?: string;
  /** Of a parameter that is one of few values: what each is called. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Of a parameter that may be null: what that stands for. */
  readonly whenNull?: string;
  /** Whether the parameter is of any use beside these others; always, unless it is given. */
  readonly isUsedWith?: (config: Readonly<Record<string, unknown>>) => boolean;
  /** Of the entries of a list in which any number may be. */
  readonly item?: NumberLimits & { readonly offered: readonly number[] };
  /** Values worth trying, in rising order: of parameters that runs are varied in. */
  readonly offered?: readonly ParameterValue[];
  /** The key of the original program's configuration, where it is another. */
  readonly original?: string;
  /** A list whose entries have their places: they are not sorted, and may be the same. */
  readonly isSequence?: boolean;
  /** Values are spread over powers of ten. */
  readonly isLogarithmic?: boolean;
}

/** Metadata by schema: registered where the parameter is defined, so that each is said once. */
export const PARAMETER_META = z.registry<ParameterMeta>();

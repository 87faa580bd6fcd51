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
  /** Without a full stop. */
  readonly description?: string;
  /** Of a parameter that is one number. */
  readonly range?: NumberLimits;
  /** Of the entries of a list in which any number may be. */
  readonly item?: NumberLimits & { readonly offered: readonly number[] };
  /** Values worth trying, in rising order. */
  readonly offered: readonly ParameterValue[];
  /** Of a parameter that is a word: what each of its values is called. */
  readonly choices?: Readonly<Record<string, string>>;
  /** The key of the original program's configuration. */
  readonly original?: string;
  /** Values are spread over powers of ten. */
  readonly isLogarithmic?: boolean;
}

/** Metadata by schema: registered where the parameter is defined, so that each is said once. */
export const PARAMETER_META = z.registry<ParameterMeta>();

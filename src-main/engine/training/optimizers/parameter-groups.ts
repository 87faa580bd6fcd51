// Groups of parameters by key: each with a factor of the learning rate and a weight decay of its own.
import { BugError } from "../../../../src-shared/contract/errors.ts";

export interface ParameterGroup {
  /** Part of the names of its scalars; "" where there is one group. */
  readonly name: string;
  matches(key: string): boolean;
  /** Factor of the learning rate. */
  readonly rate: number;
  /** 0: none. */
  readonly decay: number;
}

/** One group of all parameters. */
export function allParameters(decay: number): ParameterGroup {
  return { name: "", matches: () => true, rate: 1, decay };
}

/** The first group that the key belongs to. @throws BugError when there is none */
export function groupOf(groups: readonly ParameterGroup[], key: string): ParameterGroup {
  const group = groups.find(({ matches }) => matches(key));
  if (group === undefined) throw new BugError(`the parameter "${key}" belongs to no group`);
  return group;
}

// What an optimizer is: one update of one parameter as graph, the slots it keeps and the numbers that change from step to step.
import type { Node } from "../../graph/types.ts";
import type { ParameterGroup } from "./parameter-groups.ts";

/** Made for groups of parameters. Only whether momentum and decay are used shows in its graphs; their values are inputs. */
export interface Optimizer {
  /** What it keeps for each parameter, in zeros at first: slot S of parameter K is the graph input and output "S.K". */
  readonly slots: readonly string[];
  /** What to differentiate: the loss, or what is made of it where that saves work in the updates. */
  objective(loss: Node): Node;
  /**
   * The parameter after one update, by its key, and its slots after it.
   *
   * Inputs: the slots, float32, of the parameter's shape; scalars that `scalars` names, float32 [].
   *
   * @param gradient  of `objective`
   */
  update(key: string, parameter: Node, gradient: Node): Record<string, Node>;
  /** The same of a parameter of this group, whatever its key. */
  updateIn(group: ParameterGroup, key: string, parameter: Node, gradient: Node): Record<string, Node>;
  /**
   * The scalar inputs of an update by name.
   *
   * @param learningRate  of this step, before the factors of groups
   * @param updates       how many came before
   */
  scalars(learningRate: number, updates: number): ReadonlyMap<string, number>;
}

export const slotName = (slot: string, key: string): string => `${slot}.${key}`;

/** A scalar input's name: that of a named group has its name behind. */
export function scalarName(scalar: string, { name }: ParameterGroup): string {
  return name === "" ? scalar : `${scalar}.${name}`;
}

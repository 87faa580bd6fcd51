// One SGD update as graph: weight decay and momentum where they are used.
import { elementCount } from "../../graph/node.ts";
import { add } from "../../graph/ops/add.ts";
import { input } from "../../graph/ops/input.ts";
import { mul } from "../../graph/ops/mul.ts";
import { reshape } from "../../graph/ops/reshape.ts";
import { sub } from "../../graph/ops/sub.ts";
import type { Node } from "../../graph/types.ts";

/** Before the key of a parameter: its velocity. */
export const VELOCITY_PREFIX = "velocity.";

export interface SgdSettings {
  readonly hasMomentum: boolean;
  readonly hasWeightDecay: boolean;
}

/**
 * What to differentiate: the loss, or for plain SGD learningRate·loss, whose gradients are the steps themselves. That saves
 * a pass over all weights, at the price of one multiplication.
 */
export function sgdObjective(loss: Node, { hasMomentum, hasWeightDecay }: SgdSettings): Node {
  return hasMomentum || hasWeightDecay ? loss : mul(input("learningRate", []), loss);
}

/**
 * g ← gradient + decay·p; v ← momentum·v + g; p ← p − lr·v. A velocity of zeros makes the first v equal g.
 *
 * Inputs, float32 []: `learningRate`, and as far as used `momentum` and `weightDecay`; with momentum `velocity.KEY`, of the
 * parameter's shape. Source: spec "3. Source training", update.
 *
 * @param gradient  of `sgdObjective` with respect to the parameter
 * @returns the new parameter by its key and, with momentum, the new velocity as `velocity.KEY`
 */
export function sgdUpdate(
  key: string,
  parameter: Node,
  gradient: Node,
  { hasMomentum, hasWeightDecay }: SgdSettings,
): Record<string, Node> {
  if (!hasMomentum && !hasWeightDecay) return { [key]: sub(parameter, gradient) };
  const learningRate = input("learningRate", []);
  const decayed = hasWeightDecay ? add(gradient, scaled(input("weightDecay", []), parameter)) : gradient;
  if (!hasMomentum) return { [key]: sub(parameter, scaled(learningRate, decayed)) };
  const velocity = add(scaled(input("momentum", []), input(`${VELOCITY_PREFIX}${key}`, parameter.shape)), decayed);
  return { [key]: sub(parameter, scaled(learningRate, velocity)), [`${VELOCITY_PREFIX}${key}`]: velocity };
}

/**
 * factor · x. A tensor that ends in an axis of 1, as the weights of 1x1 convolutions do, is multiplied as one line of numbers:
 * ONNX Runtime would multiply it by a scalar number by number, which takes eight times as long.
 */
export function scaled(factor: Node, x: Node): Node {
  if (x.shape.at(-1) !== 1) return mul(factor, x);
  return reshape(mul(factor, reshape(x, [elementCount(x.shape)])), x.shape);
}

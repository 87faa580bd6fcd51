// Stochastic gradient descent with momentum and coupled weight decay.
import { VELOCITY } from "../../checkpoints/momentum.ts";
import { add } from "../../graph/ops/add.ts";
import { input } from "../../graph/ops/input.ts";
import { mul } from "../../graph/ops/mul.ts";
import { sub } from "../../graph/ops/sub.ts";
import { type Optimizer, scalarName, slotName } from "./optimizer.ts";
import { groupOf, type ParameterGroup } from "./parameter-groups.ts";
import { scaled } from "./scaled.ts";

const RATE = "learningRate";
const DECAY = "weightDecay";

/**
 * g ← gradient + decay·p; v ← momentum·v + g; p ← p − lr·v, with dampening 0 and without Nesterov's look-ahead. A velocity of
 * zeros makes the first v equal g, as in PyTorch. Source: spec "3. Source training", update; DA-SAC, "4. Optimiser".
 *
 * With neither momentum nor decay learningRate·loss is differentiated, whose gradients are the steps themselves: that saves a
 * pass over all weights, at the price of one multiplication.
 *
 * @param momentum  0: no velocity is kept
 */
export function sgd(momentum: number, groups: readonly ParameterGroup[]): Optimizer {
  const hasMomentum = momentum > 0;
  const [only] = groups;
  const isPlain = !hasMomentum && groups.length === 1 && only?.decay === 0;
  const updateIn: Optimizer["updateIn"] = (group, key, parameter, gradient) => {
    if (isPlain) return { [key]: sub(parameter, gradient) };
    const learningRate = input(scalarName(RATE, group), []);
    const decay = group.decay > 0 ? input(scalarName(DECAY, group), []) : null;
    const decayed = decay === null ? gradient : add(gradient, scaled(decay, parameter));
    if (!hasMomentum) return { [key]: sub(parameter, scaled(learningRate, decayed)) };
    const name = slotName(VELOCITY, key);
    const velocity = add(scaled(input("momentum", []), input(name, parameter.shape)), decayed);
    return { [key]: sub(parameter, scaled(learningRate, velocity)), [name]: velocity };
  };
  return {
    slots: hasMomentum ? [VELOCITY] : [],
    objective: (loss) => (isPlain && only !== undefined ? mul(input(scalarName(RATE, only), []), loss) : loss),
    update: (key, parameter, gradient) => updateIn(groupOf(groups, key), key, parameter, gradient),
    updateIn,
    scalars: (learningRate) =>
      new Map([
        ["momentum", momentum],
        ...groups.flatMap((group): [string, number][] => [
          [scalarName(RATE, group), learningRate * group.rate],
          [scalarName(DECAY, group), group.decay],
        ]),
      ]),
  };
}

// Adam, with coupled weight decay, and AdamW, which decays the weights apart from the gradient.
import { add } from "../../graph/ops/add.ts";
import { scalar } from "../../graph/ops/constant.ts";
import { div } from "../../graph/ops/div.ts";
import { input } from "../../graph/ops/input.ts";
import { mul } from "../../graph/ops/mul.ts";
import { sqrt } from "../../graph/ops/sqrt.ts";
import { sub } from "../../graph/ops/sub.ts";
import type { Node } from "../../graph/types.ts";
import { type Optimizer, scalarName, slotName } from "./optimizer.ts";
import { groupOf, type ParameterGroup } from "./parameter-groups.ts";
import { scaled } from "./scaled.ts";

const FIRST = "moment1";
const SECOND = "moment2";

export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** PyTorch's defaults. */
export const ADAM_DEFAULTS: AdamSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/**
 * g ← gradient + decay·p; m ← β1·m + (1 − β1)·g; v ← β2·v + (1 − β2)·g²; p ← p − lr·m̂ / (√v̂ + ε), where m̂ = m / (1 − β1^t) and
 * v̂ = v / (1 − β2^t). Source: Kingma & Ba, ICLR 2015, algorithm 1; decay as in PyTorch's `Adam`.
 */
export function adam(groups: readonly ParameterGroup[], settings: AdamSettings = ADAM_DEFAULTS): Optimizer {
  return withMoments(groups, settings, (parameter, gradient, group) => ({
    parameter,
    gradient: group.decay > 0 ? add(gradient, scaled(weightDecay(group), parameter)) : gradient,
  }));
}

/** As `adam`, but p ← p − lr·decay·p before the step, which the moments hear nothing of. Source: Loshchilov & Hutter, ICLR 2019. */
export function adamW(groups: readonly ParameterGroup[], settings: AdamSettings = ADAM_DEFAULTS): Optimizer {
  return withMoments(groups, settings, (parameter, gradient, group) => ({
    parameter:
      group.decay > 0
        ? sub(parameter, scaled(mul(input(scalarName("learningRate", group), []), weightDecay(group)), parameter))
        : parameter,
    gradient,
  }));
}

function withMoments(
  groups: readonly ParameterGroup[],
  { beta1, beta2, epsilon }: AdamSettings,
  decayed: (parameter: Node, gradient: Node, group: ParameterGroup) => { parameter: Node; gradient: Node },
): Optimizer {
  const average = (beta: number, before: Node, now: Node): Node =>
    add(scaled(scalar(beta), before), scaled(scalar(1 - beta), now));
  const updateIn: Optimizer["updateIn"] = (group, key, before, given) => {
    const { parameter, gradient } = decayed(before, given, group);
    const [m, v] = [slotName(FIRST, key), slotName(SECOND, key)];
    const first = average(beta1, input(m, before.shape), gradient);
    const second = average(beta2, input(v, before.shape), mul(gradient, gradient));
    const root = add(scaled(input("inverseRootCorrection", []), sqrt(second)), scalar(epsilon));
    const step = scaled(input(scalarName("correctedRate", group), []), div(first, root));
    return { [key]: sub(parameter, step), [m]: first, [v]: second };
  };
  return {
    slots: [FIRST, SECOND],
    objective: (loss) => loss,
    update: (key, before, given) => updateIn(groupOf(groups, key), key, before, given),
    updateIn,
    scalars: (learningRate, updates) =>
      new Map([
        ["inverseRootCorrection", 1 / Math.sqrt(1 - beta2 ** (updates + 1))],
        ...groups.flatMap((group): [string, number][] => [
          [scalarName("correctedRate", group), (learningRate * group.rate) / (1 - beta1 ** (updates + 1))],
          [scalarName("learningRate", group), learningRate * group.rate],
          [scalarName("weightDecay", group), group.decay],
        ]),
      ]),
  };
}

function weightDecay(group: ParameterGroup): Node {
  return input(scalarName("weightDecay", group), []);
}

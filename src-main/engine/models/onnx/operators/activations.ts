// Operators of activation functions, of which newer operator sets have one node and older ones several.

import { elementCount } from "../../../graph/node.ts";
import { abs } from "../../../graph/ops/abs.ts";
import { add } from "../../../graph/ops/add.ts";
import { scalar } from "../../../graph/ops/constant.ts";
import { exp } from "../../../graph/ops/exp.ts";
import { gelu } from "../../../graph/ops/gelu.ts";
import { log } from "../../../graph/ops/log.ts";
import { logSoftmax } from "../../../graph/ops/log-softmax.ts";
import { maximum } from "../../../graph/ops/maximum.ts";
import { minimum } from "../../../graph/ops/minimum.ts";
import { mul } from "../../../graph/ops/mul.ts";
import { neg } from "../../../graph/ops/neg.ts";
import { relu } from "../../../graph/ops/relu.ts";
import { reshape } from "../../../graph/ops/reshape.ts";
import { softmax } from "../../../graph/ops/softmax.ts";
import { sub } from "../../../graph/ops/sub.ts";
import { tanh } from "../../../graph/ops/tanh.ts";
import type { Node } from "../../../graph/types.ts";
import type { Operator, OperatorCall } from "../operator-call.ts";
import { live } from "../value.ts";

/** Of one input. */
const of =
  (build: (x: Node, call: OperatorCall) => Node): Operator =>
  (call) => [live(build(call.live(0), call))];

/** The part of x below 0. */
const below = (x: Node): Node => neg(relu(neg(x)));

/** log(1 + exp x), which overflows nowhere. */
const softplus = (x: Node): Node => add(relu(x), log(add(exp(neg(abs(x))), scalar(1))));

const hardSigmoid = (x: Node, slope: number, shift: number): Node =>
  minimum(maximum(add(mul(x, scalar(slope)), scalar(shift)), scalar(0)), scalar(1));

/** x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))): the standard's approximation. */
function geluByTanh(x: Node): Node {
  const cubed = mul(mul(x, x), x);
  const inner = mul(add(x, mul(cubed, scalar(0.044715))), scalar(Math.sqrt(2 / Math.PI)));
  return mul(mul(x, scalar(0.5)), add(tanh(inner), scalar(1)));
}

/** Before operator set 13 all axes from the given one on are one. */
function alongClasses(call: OperatorCall, build: (x: Node, axis: number) => Node): Node {
  const x = call.live(0);
  const rank = x.shape.length;
  if (call.opset >= 13) return build(x, call.axis(call.number("axis", -1), rank));
  const axis = call.axis(call.number("axis", 1), rank);
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis)];
  if (after.length === 1) return build(x, axis);
  return reshape(build(reshape(x, [elementCount(before), elementCount(after)]), 1), x.shape);
}

export const ACTIVATIONS: Readonly<Record<string, Operator>> = {
  Relu: (call) => [live(call.scope.activate(call.live(0)))],
  LeakyRelu: of((x, call) => add(relu(x), mul(below(x), scalar(call.number("alpha", 0.01))))),
  PRelu: of((x, call) => add(relu(x), mul(below(x), call.live(1)))),
  Elu: of((x, call) => add(relu(x), mul(sub(exp(below(x)), scalar(1)), scalar(call.number("alpha", 1))))),
  Softplus: of(softplus),
  Mish: of((x) => mul(x, tanh(softplus(x)))),
  HardSigmoid: of((x, call) => hardSigmoid(x, call.number("alpha", 0.2), call.number("beta", 0.5))),
  HardSwish: of((x) => mul(x, hardSigmoid(x, 1 / 6, 0.5))),
  Gelu: of((x, call) => (call.text("approximate", "none") === "tanh" ? geluByTanh(x) : gelu(x))),
  Softmax: (call) => [live(alongClasses(call, softmax))],
  LogSoftmax: (call) => [live(alongClasses(call, logSoftmax))],
};

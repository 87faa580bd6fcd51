// Element-wise ops of one and two operands: values at chosen places, broadcasting, error messages.
import { describe, expect, test } from "vitest";
import { gradient } from "../../../../../src-main/engine/graph/gradients.ts";
import { abs } from "../../../../../src-main/engine/graph/ops/abs.ts";
import { add } from "../../../../../src-main/engine/graph/ops/add.ts";
import { cast } from "../../../../../src-main/engine/graph/ops/cast.ts";
import { constant } from "../../../../../src-main/engine/graph/ops/constant.ts";
import { div } from "../../../../../src-main/engine/graph/ops/div.ts";
import { equal } from "../../../../../src-main/engine/graph/ops/equal.ts";
import { erf } from "../../../../../src-main/engine/graph/ops/erf.ts";
import { exp } from "../../../../../src-main/engine/graph/ops/exp.ts";
import { gelu } from "../../../../../src-main/engine/graph/ops/gelu.ts";
import { greater } from "../../../../../src-main/engine/graph/ops/greater.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { log } from "../../../../../src-main/engine/graph/ops/log.ts";
import { maximum } from "../../../../../src-main/engine/graph/ops/maximum.ts";
import { minimum } from "../../../../../src-main/engine/graph/ops/minimum.ts";
import { mul } from "../../../../../src-main/engine/graph/ops/mul.ts";
import { neg } from "../../../../../src-main/engine/graph/ops/neg.ts";
import { reduceSum } from "../../../../../src-main/engine/graph/ops/reduce-sum.ts";
import { relu } from "../../../../../src-main/engine/graph/ops/relu.ts";
import { sigmoid } from "../../../../../src-main/engine/graph/ops/sigmoid.ts";
import { sqrt } from "../../../../../src-main/engine/graph/ops/sqrt.ts";
import { step } from "../../../../../src-main/engine/graph/ops/step.ts";
import { sub } from "../../../../../src-main/engine/graph/ops/sub.ts";
import { tanh } from "../../../../../src-main/engine/graph/ops/tanh.ts";
import { where } from "../../../../../src-main/engine/graph/ops/where.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import { messageOf, testValues } from "../../../../helpers/expect-op.ts";
import { intTensor, tensor } from "../../../../helpers/seeded-tensors.ts";

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
const float = (x: Node) => cast(x, "float32");

describe("element-wise ops", () => {
  testValues("functions of one tensor", [tensor([4], [-2, 0, 0.5, 4])], (x) => {
    const a = x as Node;
    return {
      "abs drops the sign": [abs(a), [2, 0, 0.5, 4]],
      "exp is e to the power": [exp(a), [0.1353352832, 1, 1.6487212707, 54.59815003]],
      "log is minus infinity at zero and NaN below": [log(a), [nan, -infinity, -Math.LN2, 2 * Math.LN2]],
      "sqrt is NaN below zero": [sqrt(a), [nan, 0, Math.SQRT1_2, 2]],
      "neg turns the sign": [neg(a), [2, 0, -0.5, -4]],
      "relu keeps what is positive": [relu(a), [0, 0, 0.5, 4]],
      "sigmoid is one half at zero": [sigmoid(a), [0.119202922, 0.5, 0.6224593312, 0.98201379]],
      "tanh is odd": [tanh(a), [-0.9640275801, 0, 0.4621171573, 0.9993292997]],
      "gelu is x times the normal distribution, not its approximation by tanh": [
        gelu(a),
        [-0.0455002639, 0, 0.3457312306, 3.9998733],
      ],
      "erf approaches one": [erf(a), [-0.995322265, 0, 0.5204998778, 0.9999999846]],
      "step is zero at zero": [step(a), [0, 0, 1, 1]],
    };
  });

  testValues("step from very small to very large", [tensor([6], [-3e38, -1e-30, 1e-37, 1e-30, 1, 3e38])], (x) => ({
    step: [step(x as Node), [0, 0, 1, 1, 1, 1]],
  }));

  testValues("functions of two tensors, broadcast", [tensor([2, 1], [1, -2]), tensor([3], [4, 1, -2])], (x, y) => {
    const [a, b] = [x as Node, y as Node];
    return {
      add: [add(a, b), [5, 2, -1, 2, -1, -4]],
      sub: [sub(a, b), [-3, 0, 3, -6, -3, 0]],
      mul: [mul(a, b), [4, 1, -2, -8, -2, 4]],
      div: [div(a, b), [0.25, 1, -0.5, -0.5, -2, 1]],
      maximum: [maximum(a, b), [4, 1, 1, 4, 1, -2]],
      minimum: [minimum(a, b), [1, 1, -2, -2, -2, -2]],
      equal: [float(equal(a, b)), [0, 1, 0, 0, 0, 1]],
      greater: [float(greater(a, b)), [0, 0, 1, 0, 0, 0]],
    };
  });

  testValues("division by zero follows IEEE 754", [tensor([3], [1, -1, 0]), tensor([1], [0])], (x, y) => ({
    div: [div(x as Node, y as Node), [infinity, -infinity, nan]],
  }));

  testValues("labels compare as integers", [intTensor([1, 3], [0, 255, 2]), intTensor([2, 1], [0, 2])], (x, y) => ({
    equal: [float(equal(x as Node, y as Node)), [1, 0, 0, 0, 0, 1]],
  }));

  testValues("casts", [tensor([4], [-1.7, -0.2, 0.9, 2])], (x) => ({
    "to int32 cuts off the fraction": [cast(x as Node, "int32"), [-1, 0, 0, 2]],
    "there and back": [float(cast(x as Node, "int32")), [-1, 0, 0, 2]],
  }));

  testValues("where chooses element by element", [tensor([4], [1, 2, 3, 4]), tensor([4], [5, 6, 7, 8])], (x, y) => {
    const condition = greater(constant(Float32Array.of(1, 0, 0, 1), [4]), constant(new Float32Array(4), [4]));
    return { where: [where(condition, x as Node, y as Node), [1, 6, 7, 4]] };
  });

  testValues("gradients at kinks and ties", [tensor([3], [-1, 0, 1]), tensor([3], [0, 0, 0])], (x, y) => {
    const [a, b] = [x as Node, y as Node];
    const by = (value: Node, wrt: Node) => gradient(reduceSum(value, [0]), wrt);
    return {
      "relu's at zero is zero": [by(relu(a), a), [0, 0, 1]],
      "abs's at zero is zero": [by(abs(a), a), [-1, 0, 1]],
      "maximum's goes to the second on a tie": [by(maximum(a, b), a), [0, 0, 1]],
      "and to it alone": [by(maximum(a, b), b), [1, 1, 0]],
      "minimum's goes to the second on a tie": [by(minimum(a, b), b), [0, 1, 1]],
    };
  });

  test("messages name the op and what was found", () => {
    const [a, b, labels] = [input("a", [2, 3]), input("b", [4]), input("labels", [2, 3], "int32")];
    expect(messageOf(() => add(a, b))).toBe("add: [2, 3] and [4] do not broadcast.");
    expect(messageOf(() => mul(a, labels))).toBe("mul: wants two tensors of one dtype, found float32 and int32.");
    expect(messageOf(() => relu(labels))).toBe("relu: wants one float32 tensor.");
    expect(messageOf(() => step(labels))).toBe("step: wants one float32 tensor.");
    expect(messageOf(() => where(a, a, a))).toBe("where: wants a bool tensor and two tensors of one dtype.");
    expect(messageOf(() => where(equal(a, a), a, add(a, input("c", [2, 2, 3]))))).toContain("wants three equal shapes");
  });
});

// Operators that work element by element: on numbers that are known, and in our graph.
import { broadcastShape, elementCount, sameShape } from "../../../graph/node.ts";
import { abs } from "../../../graph/ops/abs.ts";
import { add } from "../../../graph/ops/add.ts";
import { constant as constantOf, scalar } from "../../../graph/ops/constant.ts";
import { div } from "../../../graph/ops/div.ts";
import { equal } from "../../../graph/ops/equal.ts";
import { erf } from "../../../graph/ops/erf.ts";
import { exp } from "../../../graph/ops/exp.ts";
import { expand } from "../../../graph/ops/expand.ts";
import { greater } from "../../../graph/ops/greater.ts";
import { log } from "../../../graph/ops/log.ts";
import { maximum } from "../../../graph/ops/maximum.ts";
import { minimum } from "../../../graph/ops/minimum.ts";
import { mul } from "../../../graph/ops/mul.ts";
import { neg } from "../../../graph/ops/neg.ts";
import { sigmoid } from "../../../graph/ops/sigmoid.ts";
import { sqrt } from "../../../graph/ops/sqrt.ts";
import { sub } from "../../../graph/ops/sub.ts";
import { tanh } from "../../../graph/ops/tanh.ts";
import { where } from "../../../graph/ops/where.ts";
import type { Node, Shape } from "../../../graph/types.ts";
import type { Operator, OperatorCall } from "../operator-call.ts";
import { type Known, known, live, type Value } from "../value.ts";

/** Integers divide towards zero. */
const KNOWN_BINARY: Readonly<Record<string, (a: number, b: number, isFloat: boolean) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b, isFloat) => (isFloat ? a / b : Math.trunc(a / b)),
  Min: (a, b) => Math.min(a, b),
  Max: (a, b) => Math.max(a, b),
  Pow: (a, b) => a ** b,
  // Of integers the result has the divisor's sign; fmod is for floats.
  Mod: (a, b, isFloat) => (isFloat ? a % b : a - b * Math.floor(a / b)),
};

const KNOWN_COMPARISON: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  Equal: (a, b) => a === b,
  Greater: (a, b) => a > b,
  GreaterOrEqual: (a, b) => a >= b,
  Less: (a, b) => a < b,
  LessOrEqual: (a, b) => a <= b,
  And: (a, b) => a !== 0 && b !== 0,
  Or: (a, b) => a !== 0 || b !== 0,
  Xor: (a, b) => (a !== 0) !== (b !== 0),
};

const KNOWN_UNARY: Readonly<Record<string, (a: number) => number>> = {
  Abs: Math.abs,
  Neg: (a) => -a,
  Sqrt: Math.sqrt,
  Exp: Math.exp,
  Log: Math.log,
  Reciprocal: (a) => 1 / a,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Round: roundHalfToEven,
  Sign: Math.sign,
  Not: (a) => (a === 0 ? 1 : 0),
  Cos: Math.cos,
  Sin: Math.sin,
};

const LIVE_BINARY: Readonly<Record<string, (a: Node, b: Node) => Node>> = {
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: div,
  Min: minimum,
  Max: maximum,
  Greater: greater,
  Less: (a, b) => greater(b, a),
  Equal: equal,
};

const LIVE_UNARY: Readonly<Record<string, (x: Node) => Node>> = {
  Abs: abs,
  Neg: neg,
  Sqrt: sqrt,
  Exp: exp,
  Log: log,
  Erf: erf,
  Tanh: tanh,
  Sigmoid: sigmoid,
  Reciprocal: (x) => div(scalar(1), x),
};

function knownBinary(
  a: Known,
  b: Known,
  map: (a: number, b: number, isFloat: boolean) => number,
  isFloat: boolean,
): Known {
  const shape = broadcastShape("an imported node", a.shape, b.shape);
  const data = new Float64Array(elementCount(shape));
  const [atA, atB] = [broadcastIndex(a.shape, shape), broadcastIndex(b.shape, shape)];
  for (let k = 0; k < data.length; k += 1) data[k] = map(a.data[atA(k)] ?? 0, b.data[atB(k)] ?? 0, isFloat);
  return { kind: "known", isFloat, shape, data };
}

/** Where the k-th element of a shape is read in a value that broadcasts to it. */
export function broadcastIndex(from: Shape, to: Shape): (k: number) => number {
  if (sameShape(from, to)) return (k) => k;
  const lead = to.length - from.length;
  return (k) => {
    let [rest, index, stride] = [k, 0, 1];
    for (let axis = to.length - 1; axis >= 0; axis -= 1) {
      const size = to[axis] ?? 1;
      const own = axis < lead ? 1 : (from[axis - lead] ?? 1);
      if (own !== 1) index += (rest % size) * stride;
      stride *= own;
      rest = Math.floor(rest / size);
    }
    return index;
  };
}

/** Of two or more inputs, one after another; a single one stays as it is. */
function folded(name: string): Operator {
  return (call) => {
    const values = call.inputs.map((_, k) => call.value(k));
    return [values.reduce((left, right) => binaryOf(call, name, left, right))];
  };
}

function binaryOf(call: OperatorCall, name: string, a: Value, b: Value): Value {
  if (a.kind === "known" && b.kind === "known") {
    const map = KNOWN_BINARY[name];
    const compare = KNOWN_COMPARISON[name];
    if (map !== undefined) return knownBinary(a, b, map, a.isFloat || b.isFloat);
    if (compare !== undefined) return knownBinary(a, b, (x, y) => Number(compare(x, y)), false);
  }
  const build = LIVE_BINARY[name];
  if (build === undefined) throw call.refusal("compares or divides what depends on the pixels of the image");
  return live(build(call.nodeOf(a), call.nodeOf(b)));
}

function unaryOf(name: string): Operator {
  return (call) => {
    const value = call.value(0);
    const map = KNOWN_UNARY[name];
    if (value.kind === "known" && map !== undefined) return [known(value.data.map(map), value.shape, value.isFloat)];
    const build = LIVE_UNARY[name];
    if (build === undefined) throw call.refusal("rounds what depends on the pixels of the image");
    return [live(build(call.live(0)))];
  };
}

const pow: Operator = (call) => {
  const [base, exponent] = [call.value(0), call.value(1)];
  if (base.kind === "known" && exponent.kind === "known") return [binaryOf(call, "Pow", base, exponent)];
  const [power, ...more] = call.numbers(1);
  if (power === undefined || more.length > 0) throw call.refusal("has exponents that differ");
  return [live(powerOf(call.live(0), power))];
};

/** Negative bases have whole powers alone, as everywhere. */
function powerOf(x: Node, power: number): Node {
  if (power === 0.5) return sqrt(x);
  if (power < 0) return div(scalar(1), powerOf(x, -power));
  if (!Number.isInteger(power)) return exp(mul(log(x), scalar(power)));
  if (power === 0) return add(mul(x, scalar(0)), scalar(1));
  return Array.from({ length: power - 1 }).reduce<Node>((product) => mul(product, x), x);
}

const clip: Operator = (call) => {
  const bound = (k: number, name: string): number | undefined => {
    const given = call.has(k) ? call.numbers(k)[0] : call.number(name, undefined);
    return given !== undefined && Number.isFinite(given) && Math.abs(given) < LARGEST_FLOAT ? given : undefined;
  };
  const [low, high] = [bound(1, "min"), bound(2, "max")];
  const value = call.value(0);
  if (value.kind === "known") {
    // Source: ONNX Clip: where the lower bound is above the upper one, the upper one counts.
    const clipped = value.data.map((x) =>
      Math.min(Math.max(x, low ?? Number.NEGATIVE_INFINITY), high ?? Number.POSITIVE_INFINITY),
    );
    return [known(clipped, value.shape, value.isFloat)];
  }
  const raised = low === undefined ? call.live(0) : maximum(call.live(0), scalar(low));
  return [live(high === undefined ? raised : minimum(raised, scalar(high)))];
};

/** What exporters write for "no bound". */
const LARGEST_FLOAT = 3.4e38;

const whereOf: Operator = (call) => {
  const condition = call.value(0);
  const [a, b] = [call.value(1), call.value(2)];
  if (condition.kind === "known" && a.kind === "known" && b.kind === "known") {
    const parts = [condition, a, b];
    const shape = parts.reduce<Shape>((all, part) => broadcastShape("Where", all, part.shape), []);
    const [yes, then, otherwise] = parts.map((part) => {
      const index = broadcastIndex(part.shape, shape);
      return (k: number) => part.data[index(k)] ?? 0;
    }) as [(k: number) => number, (k: number) => number, (k: number) => number];
    const data = Float64Array.from({ length: elementCount(shape) }, (_, k) => (yes(k) === 0 ? otherwise(k) : then(k)));
    return [{ kind: "known", isFloat: a.isFloat, shape, data }];
  }
  const [left, right] = [call.live(1), call.live(2)];
  const test = condition.kind === "known" ? maskOf(condition) : call.live(0);
  const shape = [left.shape, right.shape].reduce((all, one) => broadcastShape("Where", all, one), test.shape);
  return [live(where(expand(test, shape), expand(left, shape), expand(right, shape)))];
};

/** Conditions that are known, as a comparison of the graph. */
function maskOf({ data, shape }: Known): Node {
  return greater(constantOf(Float32Array.from(data), shape), scalar(0));
}

function roundHalfToEven(a: number): number {
  const nearest = Math.round(a);
  return Math.abs(a - Math.trunc(a)) === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

const mean: Operator = (call) => {
  const [sum] = folded("Add")(call);
  if (sum === undefined) throw call.refusal("has no inputs");
  return [live(mul(call.nodeOf(sum), scalar(1 / call.inputs.length)))];
};

const each = (names: readonly string[], operator: (name: string) => Operator): [string, Operator][] =>
  names.map((name) => [name, operator(name)]);

export const ARITHMETIC: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(
    each(["Add", "Sub", "Mul", "Div", "Min", "Max", "Mod", ...Object.keys(KNOWN_COMPARISON)], folded),
  ),
  ...Object.fromEntries(each([...new Set([...Object.keys(KNOWN_UNARY), ...Object.keys(LIVE_UNARY)])], unaryOf)),
  Sum: folded("Add"),
  Mean: mean,
  Pow: pow,
  Clip: clip,
  Where: whereOf,
};

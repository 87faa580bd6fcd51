// Operators that reduce axes: on numbers that are known, and in our graph.
import { elementCount } from "../../../graph/node.ts";
import { abs } from "../../../graph/ops/abs.ts";
import { mul } from "../../../graph/ops/mul.ts";
import { neg } from "../../../graph/ops/neg.ts";
import { reduceMax } from "../../../graph/ops/reduce-max.ts";
import { reduceMean } from "../../../graph/ops/reduce-mean.ts";
import { reduceSum } from "../../../graph/ops/reduce-sum.ts";
import { sqrt } from "../../../graph/ops/sqrt.ts";
import type { Node, Shape } from "../../../graph/types.ts";
import type { Operator } from "../operator-call.ts";
import { type Known, live } from "../value.ts";
import { broadcastIndex } from "./arithmetic.ts";

type Reduce = (x: Node, axes: readonly number[], keepDims: boolean) => Node;

const LIVE: Readonly<Record<string, Reduce>> = {
  ReduceMean: reduceMean,
  ReduceSum: reduceSum,
  ReduceMax: reduceMax,
  ReduceMin: (x, axes, keep) => neg(reduceMax(neg(x), axes, keep)),
  ReduceL1: (x, axes, keep) => reduceSum(abs(x), axes, keep),
  ReduceL2: (x, axes, keep) => sqrt(reduceSum(mul(x, x), axes, keep)),
  ReduceSumSquare: (x, axes, keep) => reduceSum(mul(x, x), axes, keep),
};

const KNOWN: Readonly<Record<string, (numbers: readonly number[]) => number>> = {
  ReduceMean: (numbers) => sum(numbers) / numbers.length,
  ReduceSum: sum,
  ReduceMax: (numbers) => Math.max(...numbers),
  ReduceMin: (numbers) => Math.min(...numbers),
  ReduceProd: (numbers) => numbers.reduce((product, one) => product * one, 1),
};

function reduction(name: string): Operator {
  return (call) => {
    const from = call.shape(0);
    const given = call.numbersAt(1, "axes");
    const keeps = call.number("keepdims", 1) === 1;
    if ((given ?? []).length === 0 && call.number("noop_with_empty_axes", 0) === 1) return [call.value(0)];
    const axes =
      (given ?? []).length === 0 ? [...from.keys()] : (given ?? []).map((axis) => call.axis(axis, from.length));
    const value = call.value(0);
    const overKnown = KNOWN[name];
    if (value.kind === "known" && overKnown !== undefined) return [reduceKnown(value, axes, keeps, overKnown)];
    const build = LIVE[name];
    if (build === undefined) throw call.refusal("multiplies what depends on the pixels of the image");
    return [live(axes.length === 0 ? call.live(0) : build(call.live(0), axes, keeps))];
  };
}

function reduceKnown(
  value: Known,
  axes: readonly number[],
  keeps: boolean,
  reduce: (n: readonly number[]) => number,
): Known {
  const kept: Shape = value.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const groups = Array.from({ length: elementCount(kept) }, (): number[] => []);
  const group = broadcastIndex(kept, value.shape);
  for (const [k, number] of value.data.entries()) groups[group(k)]?.push(number);
  const shape = keeps ? kept : kept.filter((_, axis) => !axes.includes(axis));
  return { ...value, shape, data: Float64Array.from(groups, reduce) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

export const REDUCTIONS: Readonly<Record<string, Operator>> = Object.fromEntries(
  [...new Set([...Object.keys(LIVE), ...Object.keys(KNOWN)])].map((name) => [name, reduction(name)]),
);

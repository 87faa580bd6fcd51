// Checks gradient rules against differences of values: ⟨∇f, v⟩ against (f(x + hv) − f(x − hv)) / 2h for a random v.
import { gradients } from "../../src-main/engine/graph/gradients.ts";
import { elementCount } from "../../src-main/engine/graph/node.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import { mul } from "../../src-main/engine/graph/ops/mul.ts";
import { reduceSum } from "../../src-main/engine/graph/ops/reduce-sum.ts";
import { reshape } from "../../src-main/engine/graph/ops/reshape.ts";
import type { Node, TensorData } from "../../src-main/engine/graph/types.ts";
import type { Runtime } from "../../src-main/engine/runtimes/runtime.ts";
import { compileFor, inputsFor, numbered, type TestProgram } from "./runtimes-under-test.ts";
import { seedOf, type TestTensor, uniform, unitVector } from "./seeded-tensors.ts";
import { TOLERANCES } from "./tolerances.ts";

/** A function of tensors, at a place. */
export interface GradientCase {
  readonly inputs: readonly TestTensor[];
  build(...inputs: Node[]): Node;
  /** Positions of the inputs to differentiate by; all unless given. */
  readonly by?: readonly number[];
}

/** f's value and our gradients at the case's place, where f = Σ weights · build(inputs). */
export interface GradientResult {
  readonly value: TensorData;
  readonly weights: TestTensor;
  /** By position of the input. */
  readonly gradients: ReadonlyMap<number, TensorData>;
}

/** Far enough apart for float32; see `TOLERANCES.differences`. */
const STEP = 1e-2;

/** Computes value and gradients on a runtime. */
export async function gradientsOn(runtime: Runtime, testCase: GradientCase, seed: number): Promise<GradientResult> {
  const { program, weights } = await compileCase(runtime, testCase, seed);
  const result = await valueAndGradients(program, testCase, weights);
  await program.dispose();
  return result;
}

/**
 * Computes value and gradients on a runtime, and compares the gradients with differences of values.
 *
 * @throws Error that names the input whose gradient is wrong
 */
export async function checkGradient(runtime: Runtime, testCase: GradientCase, seed: number): Promise<GradientResult> {
  const { program, weights } = await compileCase(runtime, testCase, seed);
  const result = await valueAndGradients(program, testCase, weights);
  const { relative, absolute } = TOLERANCES.differences;
  for (const [position, gradient] of result.gradients) {
    const direction = unitVector(gradient.length, seedOf(`direction ${position}`, seed));
    const ahead = await valueAt(program, testCase, weights, position, direction, STEP);
    const behind = await valueAt(program, testCase, weights, position, direction, -STEP);
    const difference = (ahead - behind) / (2 * STEP);
    const found = dot(gradient, direction);
    const tolerance = relative * Math.hypot(...gradient) + absolute;
    if (Math.abs(found - difference) <= tolerance) continue;
    throw new Error(
      `gradient for input ${position} [${testCase.inputs[position]?.shape}] along a random direction: ` +
        `${found} instead of ${difference} (tolerance ${tolerance.toExponential(1)})`,
    );
  }
  await program.dispose();
  return result;
}

async function compileCase(runtime: Runtime, testCase: GradientCase, seed: number) {
  const nodes = inputsFor(testCase.inputs);
  const value = testCase.build(...nodes);
  const weights = uniform(value.shape, seedOf("weights", seed));
  const weightsInput = input(`x${nodes.length}`, value.shape);
  const flat = reshape(mul(value, weightsInput), [elementCount(value.shape)]);
  const by = positions(testCase);
  const wrt = by.map((position) => nodes[position] as Node);
  const found = gradients(reduceSum(flat, [0]), wrt);
  const outputs = Object.fromEntries(found.map((node, k) => [`gradient${by[k]}`, node]));
  return { program: await compileFor(runtime, { value, ...outputs }), weights };
}

async function valueAndGradients(
  program: TestProgram,
  testCase: GradientCase,
  weights: TestTensor,
): Promise<GradientResult> {
  const results = await program.run(numbered([...testCase.inputs, weights]));
  const get = (name: string) => results.get(name) as TensorData;
  return {
    value: get("value"),
    weights,
    gradients: new Map(positions(testCase).map((position) => [position, get(`gradient${position}`)])),
  };
}

/** f with one input moved along a direction; the weighted sum is taken in double precision. */
async function valueAt(
  program: TestProgram,
  testCase: GradientCase,
  weights: TestTensor,
  position: number,
  direction: Float64Array,
  step: number,
): Promise<number> {
  const moved = testCase.inputs.map((tensor, k): TestTensor => {
    if (k !== position) return tensor;
    return { ...tensor, data: tensor.data.map((x, i) => x + step * (direction[i] ?? 0)) };
  });
  const results = await program.run(numbered([...moved, weights]));
  return dot(results.get("value") as TensorData, Float64Array.from(weights.data));
}

function positions(testCase: GradientCase): readonly number[] {
  return testCase.by ?? testCase.inputs.map((_, position) => position);
}

function dot(a: TensorData, b: Float64Array): number {
  return b.reduce((sum, value, i) => sum + value * (a[i] ?? 0), 0);
}

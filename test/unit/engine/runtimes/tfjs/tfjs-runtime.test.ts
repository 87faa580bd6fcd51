// The TensorFlow.js runtime: nothing leaks, values live exactly as long as they are needed, errors say what is wrong.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { graphOf } from "../../../../../src-main/engine/graph/graph.ts";
import { apply } from "../../../../../src-main/engine/graph/node.ts";
import { add } from "../../../../../src-main/engine/graph/ops/add.ts";
import { constant, scalar } from "../../../../../src-main/engine/graph/ops/constant.ts";
import { exp } from "../../../../../src-main/engine/graph/ops/exp.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { mul } from "../../../../../src-main/engine/graph/ops/mul.ts";
import { neg, negOp } from "../../../../../src-main/engine/graph/ops/neg.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import { gradientsOn } from "../../../../helpers/check-gradient.ts";
import { GRADIENT_TABLE } from "../../../../helpers/gradient-table.ts";
import { loadedTfjs, onnxRuntime, tfjsRuntime } from "../../../../helpers/runtimes-under-test.ts";

const { tf } = loadedTfjs;
const x = input("x", [2]);
const uploadX = () => tfjsRuntime.upload(Float32Array.of(1, 2), [2]);

describe("TfjsRuntime", () => {
  test.each(GRADIENT_TABLE.map((row) => [`${row.op} ${row.variant ?? ""}`, row] as const))(
    "%s leaks no tensor",
    async (_, row) => {
      const before = tf.memory().numTensors;
      for (const testCase of fc.sample(row.cases, { numRuns: 3, seed: 3 })) await gradientsOn(tfjsRuntime, testCase, 1);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  test("keeps one tensor a constant while the program lives", async () => {
    const before = tf.memory().numTensors;
    const program = await tfjsRuntime.compile(
      graphOf({ y: add(mul(x, scalar(2)), constant(Float32Array.of(1, 1), [2])) }),
    );
    expect(tf.memory().numTensors).toBe(before + 2);
    await program.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("frees intermediates while it runs: a long chain needs no more memory than a short one", async () => {
    const peaks: number[] = [];
    const watchedNeg = {
      ...negOp,
      tfjs: (...args: Parameters<typeof negOp.tfjs>) => {
        peaks.push(tf.memory().numTensors);
        return negOp.tfjs(...args);
      },
    };
    let node: Node = x;
    for (let k = 0; k < 50; k += 1) node = apply(watchedNeg, {}, [node]);
    const given = uploadX();
    const program = await tfjsRuntime.compile(graphOf({ y: node }));
    const results = await program.run(new Map([["x", given]]));
    expect(Math.max(...peaks) - Math.min(...peaks)).toBeLessThanOrEqual(1);
    for (const tensor of [given, ...results.values()]) tensor.dispose();
    await program.dispose();
  });

  test("gives outputs a life of their own, be they inputs, constants, equal, or inputs of others", async () => {
    const before = tf.memory().numTensors;
    const y = exp(x);
    const program = await tfjsRuntime.compile(graphOf({ x, same: x, fixed: scalar(3), y, again: exp(x), z: neg(y) }));
    const given = uploadX();
    const results = await program.run(new Map([["x", given]]));
    given.dispose();
    await program.dispose();
    const read = await Promise.all(
      [...results].map(async ([name, value]) => [name, [...(await value.read())]] as const),
    );
    const [e1, e2] = [Math.fround(Math.exp(1)), Math.fround(Math.exp(2))];
    expect(Object.fromEntries(read)).toEqual({
      x: [1, 2],
      same: [1, 2],
      fixed: [3],
      y: [e1, e2],
      again: [e1, e2],
      z: [-e1, -e2],
    });
    for (const value of results.values()) value.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("frees everything when an op fails, and says what failed", async () => {
    const failing = {
      ...negOp,
      tfjs: () => {
        throw new Error("no such kernel");
      },
    };
    const before = tf.memory().numTensors;
    const program = await tfjsRuntime.compile(graphOf({ y: apply(failing, {}, [exp(x)]) }));
    const given = uploadX();
    await expect(program.run(new Map([["x", given]]))).rejects.toMatchObject({
      code: "runtime.failed",
      message: "TensorFlow.js stopped with an error: no such kernel.",
    });
    given.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("names an input that is missing, or of another runtime", async () => {
    const program = await tfjsRuntime.compile(graphOf({ y: neg(x) }));
    const message = 'The graph input "x" was not given a tensor of this runtime.';
    await expect(program.run(new Map())).rejects.toThrow(message);
    await expect(program.run(new Map([["x", onnxRuntime.upload(Float32Array.of(1, 2), [2])]]))).rejects.toThrow(
      message,
    );
  });

  test("computes equal expressions once", async () => {
    let count = 0;
    const counted = {
      ...negOp,
      tfjs: (...args: Parameters<typeof negOp.tfjs>) => {
        count += 1;
        return negOp.tfjs(...args);
      },
    };
    const program = await tfjsRuntime.compile(graphOf({ y: add(apply(counted, {}, [x]), apply(counted, {}, [x])) }));
    const given = uploadX();
    const results = await program.run(new Map([["x", given]]));
    expect(count).toBe(1);
    for (const tensor of [given, ...results.values()]) tensor.dispose();
  });
});

// Where values come from: what is fed, and what is part of the graph.
import { describe, expect, test } from "vitest";
import { constant, filled, scalar } from "../../../../../src-main/engine/graph/ops/constant.ts";
import { input, inputOp } from "../../../../../src-main/engine/graph/ops/input.ts";
import { testValues } from "../../../../helpers/expect-op.ts";

describe("constant and input", () => {
  testValues("constants", [], () => ({
    "a scalar": [scalar(-0.5), [-0.5]],
    "one value everywhere": [filled([2, 2], 3), [3, 3, 3, 3]],
    "a table of labels": [constant(Int32Array.of(7, 255), [2, 1]), [7, 255]],
  }));

  test("a constant's kind of array is its dtype", () => {
    expect(constant(Int32Array.of(1), [1]).dtype).toBe("int32");
    expect(scalar(1).dtype).toBe("float32");
  });

  test("a constant of the wrong length is a bug", () => {
    expect(() => constant(new Float32Array(3), [2, 2])).toThrow("3 numbers do not fill [2,2]");
  });

  test("an input is recognised, and cannot be computed", () => {
    const x = input("x", [1], "int32");
    expect(input.is(x)).toBe(true);
    expect(input.is(scalar(1))).toBe(false);
    expect(x.dtype).toBe("int32");
    expect(inputOp.onnx).toThrow("a graph input has no lowering");
  });
});

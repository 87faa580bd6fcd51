// The ONNX model of a graph, read back: nodes, constants, types of inputs and outputs.
import onnxProto from "onnx-proto";
import { describe, expect, test } from "vitest";
import { graphOf } from "../../../../../src-main/engine/graph/graph.ts";
import { add } from "../../../../../src-main/engine/graph/ops/add.ts";
import { argMax } from "../../../../../src-main/engine/graph/ops/arg-max.ts";
import { constant, scalar } from "../../../../../src-main/engine/graph/ops/constant.ts";
import { conv } from "../../../../../src-main/engine/graph/ops/conv.ts";
import { exp } from "../../../../../src-main/engine/graph/ops/exp.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { mul } from "../../../../../src-main/engine/graph/ops/mul.ts";
import { sqrt } from "../../../../../src-main/engine/graph/ops/sqrt.ts";
import { step } from "../../../../../src-main/engine/graph/ops/step.ts";
import type { Node } from "../../../../../src-main/engine/graph/types.ts";
import {
  ONNX_OPSET,
  outputName,
  writeOnnxModel,
} from "../../../../../src-main/engine/runtimes/onnx/write-onnx-model.ts";
import { evaluate, onnxRuntime } from "../../../../helpers/runtimes-under-test.ts";
import { tensor } from "../../../../helpers/seeded-tensors.ts";

function written(outputs: Readonly<Record<string, Node>>) {
  const model = onnxProto.onnx.ModelProto.decode(
    writeOnnxModel(graphOf(outputs), { hasPoolIndices: true, hasCentredNorm: true, hasMicrosoftOps: true }),
  );
  if (model.graph === null || model.graph === undefined) throw new Error("the model has no graph");
  return { model, graph: onnxProto.onnx.GraphProto.create(model.graph) };
}

describe("writeOnnxModel", () => {
  test("declares the operator set and the types of inputs and outputs", () => {
    const x = input("image", [1, 2, 4, 4]);
    const { model, graph } = written({ classes: argMax(conv(x, input("weight", [3, 2, 1, 1])), 1) });
    expect(model.opsetImport.map(({ version }) => Number(version))).toEqual([ONNX_OPSET]);
    expect(graph.input.map(({ name }) => name)).toEqual(["image", "weight"]);
    const [output] = graph.output;
    expect(output?.name).toBe(outputName("classes"));
    expect(output?.type?.tensorType?.elemType).toBe(onnxProto.onnx.TensorProto.DataType.INT32);
    expect(output?.type?.tensorType?.shape?.dim?.map(({ dimValue }) => Number(dimValue))).toEqual([1, 4, 4]);
  });

  test("writes equal small constants once", () => {
    const x = input("x", [2]);
    const { graph } = written({ y: add(mul(x, scalar(2)), scalar(2)) });
    expect(graph.initializer).toHaveLength(1);
  });

  test("writes what is computed for one use alone before what takes longest, so that it is computed when it is used", () => {
    const x = input("x", [2]);
    const alone = step(x);
    const { graph } = written({ y: mul(sqrt(exp(add(x, x))), alone) });
    expect(graph.node.map(({ opType }) => opType)).toEqual(["HardSigmoid", "Add", "Exp", "Sqrt", "Mul"]);
  });

  test("writes the copy of a value that has two names beside it", () => {
    const sum = add(input("x", [2]), scalar(1));
    const { graph } = written({ a: sum, b: sum, c: exp(sum) });
    expect(graph.node.map(({ opType }) => opType)).toEqual(["Add", "Identity", "Exp"]);
  });

  test("gives one value under two names, an input as an output, and a constant as an output", async () => {
    const found = await evaluate(onnxRuntime, [tensor([2], [1, -2])], (x) => {
      const doubled = add(x as Node, x as Node);
      return { a: doubled, b: doubled, x: x as Node, fixed: constant(Float32Array.of(7), [1]) };
    });
    expect(Object.fromEntries(Object.entries(found).map(([name, data]) => [name, [...data]]))).toEqual({
      a: [2, -4],
      b: [2, -4],
      x: [1, -2],
      fixed: [7],
    });
  });
});

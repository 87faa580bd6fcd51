// The ONNX forms of ops that depend on what runs a model: they give the same numbers, and standard models name no own domain.

import onnxProto from "onnx-proto";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { graphOf } from "../../../../../src-main/engine/graph/graph.ts";
import { elementCount } from "../../../../../src-main/engine/graph/node.ts";
import { gelu } from "../../../../../src-main/engine/graph/ops/gelu.ts";
import { input } from "../../../../../src-main/engine/graph/ops/input.ts";
import { layerNorm } from "../../../../../src-main/engine/graph/ops/layer-norm.ts";
import type { OnnxAbilities } from "../../../../../src-main/engine/graph/types.ts";
import {
  outputName,
  writeOnnxModel,
  writeStandaloneOnnxModel,
} from "../../../../../src-main/engine/runtimes/onnx/write-onnx-model.ts";
import { uniform } from "../../../../helpers/seeded-tensors.ts";
import "../../../../helpers/to-be-all-close.ts";
import { TOLERANCES } from "../../../../helpers/tolerances.ts";

const ROWS = [5, 16];
const WIDTH = [16];
const y = gelu(layerNorm(input("x", ROWS), input("weight", WIDTH), input("bias", WIDTH), 1e-6));
const ALL: OnnxAbilities = { hasPoolIndices: true, hasCentredNorm: true, hasMicrosoftOps: true };

async function computed(abilities: OnnxAbilities): Promise<Float32Array> {
  const session = await InferenceSession.create(writeOnnxModel(graphOf({ y }), abilities));
  const feed = (shape: readonly number[], seed: number) => new Tensor(uniform(shape, seed).data, [...shape]);
  const results = await session.run({ x: feed(ROWS, 1), weight: feed(WIDTH, 2), bias: feed(WIDTH, 3) });
  await session.release();
  return (results[outputName("y")]?.data ?? new Float32Array()) as Float32Array;
}

test.each([
  ["layer norm in single steps", { hasCentredNorm: false }],
  ["GELU by the error function", { hasMicrosoftOps: false }],
])("%s", async (_, without) => {
  const expected = await computed(ALL);
  expect(expected).toHaveLength(elementCount(ROWS));
  expect(await computed({ ...ALL, ...without })).toBeAllClose(expected, TOLERANCES.polynomial);
});

test("a model for other programs is of the standard's own ops alone", () => {
  const given = new Map([
    ["weight", new Float32Array(16)],
    ["bias", new Float32Array(16)],
  ]);
  const model = onnxProto.onnx.ModelProto.decode(writeStandaloneOnnxModel(graphOf({ y }), { given, metadata: {} }));
  expect(model.opsetImport.map(({ domain }) => domain)).toEqual([""]);
  expect(model.graph?.node?.map(({ domain }) => domain ?? "")).toEqual(model.graph?.node?.map(() => ""));
});

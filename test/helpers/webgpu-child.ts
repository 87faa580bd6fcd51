// A program of its own: computes tiny graphs on WebGPU and prints the results. A driver that crashes takes down only this.
import { graphOf } from "../../src-main/engine/graph/graph.ts";
import { conv } from "../../src-main/engine/graph/ops/conv.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import { maxPoolGradient } from "../../src-main/engine/graph/ops/max-pool-gradient.ts";
import { relu } from "../../src-main/engine/graph/ops/relu.ts";
import { OnnxRuntime } from "../../src-main/engine/runtimes/onnx/onnx-runtime.ts";

const runtime = new OnnxRuntime({ provider: "webgpu", threads: 1 }, "");
const x = input("x", [1, 1, 2, 2]);
const pooling = { kernel: [2, 2], strides: [1, 1], pads: [0, 0, 1, 1] } as const;
const outputs = {
  convolved: relu(conv(x, input("weight", [2, 1, 1, 1]))),
  poolGradient: maxPoolGradient(x, input("outGrad", [1, 1, 2, 2]), pooling),
};
try {
  const program = await runtime.compile(graphOf(outputs));
  const results = await program.run(
    new Map([
      ["x", runtime.upload(Float32Array.of(1, -2, 3, -4), [1, 1, 2, 2])],
      ["weight", runtime.upload(Float32Array.of(2, -1), [2, 1, 1, 1])],
      ["outGrad", runtime.upload(Float32Array.of(1, 2, 3, 4), [1, 1, 2, 2])],
    ]),
  );
  const values: Record<string, number[]> = {};
  for (const [name, value] of results) values[name] = [...(await value.read())];
  process.stdout.write(JSON.stringify({ values }));
} catch (error) {
  process.stdout.write(JSON.stringify({ problem: error instanceof Error ? error.message : String(error) }));
}

// A program of its own: computes a tiny graph on WebGPU and prints the result. A driver that crashes takes down only this.
import { graphOf } from "../../src-main/engine/graph/graph.ts";
import { conv } from "../../src-main/engine/graph/ops/conv.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import { relu } from "../../src-main/engine/graph/ops/relu.ts";
import { OnnxRuntime } from "../../src-main/engine/runtimes/onnx/onnx-runtime.ts";

const runtime = new OnnxRuntime({ provider: "webgpu", threads: 1 }, "");
const y = relu(conv(input("x", [1, 1, 2, 2]), input("weight", [2, 1, 1, 1])));
try {
  const program = await runtime.compile(graphOf({ y }));
  const x = runtime.upload(Float32Array.of(1, -2, 3, -4), [1, 1, 2, 2]);
  const weight = runtime.upload(Float32Array.of(2, -1), [2, 1, 1, 1]);
  const results = await program.run(
    new Map([
      ["x", x],
      ["weight", weight],
    ]),
  );
  const data = (await results.get("y")?.read()) ?? [];
  process.stdout.write(JSON.stringify({ values: [...data] }));
} catch (error) {
  process.stdout.write(JSON.stringify({ problem: error instanceof Error ? error.message : String(error) }));
}

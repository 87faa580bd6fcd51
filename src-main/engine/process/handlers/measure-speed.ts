// Times a matrix product on the processor: what most of a network's arithmetic is.
import { graphOf } from "../../graph/graph.ts";
import { graphWork } from "../../graph/graph-work.ts";
import { input } from "../../graph/ops/input.ts";
import { matMul } from "../../graph/ops/mat-mul.ts";
import { createRuntime } from "../../runtimes/create-runtime.ts";
import type { Handler } from "../handler.ts";

const ROWS = 512;
const PIXELS = 2048;
const TIMED_RUNS = 5;

/** The best of some runs, which take some ten milliseconds each. */
export const measureSpeed: Handler<"measureSpeed"> = async () => {
  const runtime = await createRuntime({ runtime: "onnx", provider: "cpu", threads: undefined });
  const graph = graphOf({ y: matMul(input("a", [ROWS, ROWS]), input("b", [ROWS, PIXELS])) });
  const program = await runtime.compile(graph);
  const inputs = new Map([
    ["a", runtime.upload(new Float32Array(ROWS * ROWS).fill(0.5), [ROWS, ROWS])],
    ["b", runtime.upload(new Float32Array(ROWS * PIXELS).fill(0.5), [ROWS, PIXELS])],
  ]);
  let bestMs = Number.POSITIVE_INFINITY;
  for (let run = 0; run < TIMED_RUNS; run += 1) {
    const started = performance.now();
    const outputs = await program.run(inputs);
    bestMs = Math.min(bestMs, performance.now() - started);
    for (const tensor of outputs.values()) tensor.dispose();
  }
  for (const tensor of inputs.values()) tensor.dispose();
  await program.dispose();
  await runtime.dispose();
  return { gigaflopsPerSecond: graphWork(graph).flop / 1e6 / bestMs };
};

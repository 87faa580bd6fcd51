// Runs one small convolution on a runtime: proof that a device computes, and how fast.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { graphOf } from "../graph/graph.ts";
import { elementCount } from "../graph/node.ts";
import { conv } from "../graph/ops/conv.ts";
import { input } from "../graph/ops/input.ts";
import type { Program, Runtime } from "./runtime.ts";

const CHANNELS = 128;
const X_SHAPE = [1, CHANNELS, 32, 64];
const WEIGHT_SHAPE = [CHANNELS, CHANNELS, 3, 3];
/** 2 · 128 · 128 · 3 · 3 · 32 · 64. */
export const PROBE_GFLOP = 0.604;
const TIMED_RUNS = 3;
/** A device that needs this long is not going to win; the processor needs a few milliseconds. */
const HOPELESS_MS = 200;

/**
 * Milliseconds of a 3x3 convolution, 128 to 128 channels at 64x32 pixels (0.6 GFLOP), transfers included; the best of three
 * after one to warm up.
 *
 * @throws AppError `runtime.failed` when the device refuses or computes something else
 */
export async function probeConvolution(runtime: Runtime): Promise<number> {
  const y = conv(input("x", X_SHAPE), input("weight", WEIGHT_SHAPE), { pads: [1, 1, 1, 1] });
  const program = await runtime.compile(graphOf({ y }));
  try {
    const warmUpMs = await timedRun(runtime, program);
    const times = [];
    while (times.length < TIMED_RUNS && (times[0] ?? 0) < HOPELESS_MS) times.push(await timedRun(runtime, program));
    return Math.min(warmUpMs, ...times);
  } finally {
    await program.dispose();
  }
}

async function timedRun(runtime: Runtime, program: Program): Promise<number> {
  const x = runtime.upload(new Float32Array(elementCount(X_SHAPE)).fill(1), X_SHAPE);
  const weight = runtime.upload(new Float32Array(elementCount(WEIGHT_SHAPE)).fill(0.5), WEIGHT_SHAPE);
  const inputs = new Map([
    ["x", x],
    ["weight", weight],
  ]);
  const start = performance.now();
  const results = await program.run(inputs);
  const y = results.get("y");
  const data = await y?.read();
  const elapsedMs = performance.now() - start;
  // A corner sees 2 x 2 taps, the row beside it 2 x 3.
  const [corner = Number.NaN, beside = Number.NaN] = data ?? [];
  for (const tensor of [x, weight, y]) tensor?.dispose();
  if (!(Math.abs(corner - CHANNELS * 2) < 1 && Math.abs(beside - CHANNELS * 3) < 1)) {
    throw new AppError("runtime.failed", `A test convolution gives ${corner} instead of ${CHANNELS * 2}.`);
  }
  return elapsedMs;
}
